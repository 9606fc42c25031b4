import { z } from "zod";
import * as chat from "../../../application/mod.ts";
import { refusalError, unwrap } from "../errors.ts";
import { sessionId, text } from "../inputs.ts";
import { open, router, signedIn } from "../procedures.ts";

const credentials = { username: text, password: text };

export const auth = router({
  signUp: open
    .input(z.strictObject({ ...credentials, displayName: text.optional() }))
    .mutation(async ({ ctx, input: { username, password, displayName = null } }) => {
      const { address, keepToken } = ctx.caller;
      const signedIn = unwrap(await chat.signUp(ctx.chat, { username, password, displayName, address }));
      keepToken?.(signedIn.token, signedIn.expiresAt);
      return signedIn;
    }),

  signIn: open.input(z.strictObject(credentials)).mutation(async ({ ctx, input }) => {
    const { address, keepToken } = ctx.caller;
    const signedIn = unwrap(await chat.signIn(ctx.chat, { ...input, address }));
    keepToken?.(signedIn.token, signedIn.expiresAt);
    return signedIn;
  }),

  signOut: signedIn.mutation(async ({ ctx }) => {
    unwrap(await chat.signOut(ctx.chat, { sessionId: ctx.session.id }));
    ctx.caller.keepToken?.(null, null);
    return null;
  }),

  me: signedIn.query(async ({ ctx }) => {
    const profile = await chat.ownProfile(ctx.chat, { userId: ctx.session.userId });
    if (profile === null) throw refusalError({ code: "SIGNED_OUT" });
    return profile;
  }),

  sessions: signedIn.query(async ({ ctx: { chat: on, session } }) =>
    unwrap(await chat.listSessions(on, { userId: session.userId, currentId: session.id })),
  ),

  revoke: signedIn
    .input(z.strictObject({ sessionId }))
    .mutation(async ({ ctx, input }) =>
      unwrap(await chat.revokeSession(ctx.chat, { userId: ctx.session.userId, sessionId: input.sessionId })),
    ),

  changePassword: signedIn
    .input(z.strictObject({ currentPassword: text, newPassword: text }))
    .mutation(async ({ ctx: { chat: on, session }, input }) =>
      unwrap(await chat.changePassword(on, { ...input, userId: session.userId, sessionId: session.id })),
    ),
});
