import { z } from "zod";
import * as chat from "../../../application/mod.ts";
import { unwrap } from "../errors.ts";
import { text, userId } from "../inputs.ts";
import { router, signedIn } from "../procedures.ts";

export const users = router({
  byIds: signedIn
    .input(z.strictObject({ userIds: z.array(userId).max(100) }))
    .query(({ ctx, input }) => ctx.chat.profiles.byIds([...new Set(input.userIds)])),

  updateProfile: signedIn
    .input(z.strictObject({ displayName: text }))
    .mutation(async ({ ctx, input }) =>
      unwrap(await chat.updateProfile(ctx.chat, { ...input, userId: ctx.session.userId })),
    ),
});
