import { tracked } from "@trpc/server";
import { z } from "zod";
import * as chat from "../../../application/mod.ts";
import { unwrap } from "../errors.ts";
import { chatroomId, limit, opaque, requestId, text, userId } from "../inputs.ts";
import { router, signedIn } from "../procedures.ts";
import { relay, untilOver } from "../streams.ts";

const request = { requestId: requestId.nullish().transform((value) => value ?? null) };
const inRoom = { chatroomId, ...request };
const settings = { topic: text.optional(), capacity: z.number().optional() };

export const chatrooms = router({
  create: signedIn
    .input(z.strictObject({ name: text, ...settings, ...request }))
    .mutation(async ({ ctx, input }) =>
      unwrap(await chat.createChatroom(ctx.chat, { ...input, creatorId: ctx.session.userId })),
    ),

  list: signedIn
    .input(z.strictObject({ query: text.default(""), cursor: opaque.nullish(), limit }).optional())
    .query(async ({ ctx, input: { query = "", cursor = null, limit = 50 } = {} }) =>
      unwrap(await chat.listChatrooms(ctx.chat, { query, cursor, limit })),
    ),

  mine: signedIn
    .input(z.strictObject({ cursor: opaque.nullish(), limit }).optional())
    .query(async ({ ctx, input: { cursor = null, limit = 50 } = {} }) =>
      unwrap(await chat.myChatrooms(ctx.chat, { cursor, limit, userId: ctx.session.userId })),
    ),

  get: signedIn
    .input(z.strictObject({ chatroomId, atLeast: opaque.optional() }))
    .query(async ({ ctx, input }) =>
      unwrap(await chat.getChatroom(ctx.chat, { ...input, readerId: ctx.session.userId })),
    ),

  update: signedIn
    .input(z.strictObject({ ...inRoom, name: text.optional(), ...settings }))
    .mutation(async ({ ctx, input }) =>
      unwrap(await chat.updateChatroom(ctx.chat, { ...input, actorId: ctx.session.userId })),
    ),

  delete: signedIn
    .input(z.strictObject(inRoom))
    .mutation(async ({ ctx, input }) =>
      unwrap(await chat.deleteChatroom(ctx.chat, { ...input, actorId: ctx.session.userId })),
    ),

  join: signedIn
    .input(z.strictObject(inRoom))
    .mutation(async ({ ctx, input }) =>
      unwrap(await chat.joinChatroom(ctx.chat, { ...input, actorId: ctx.session.userId })),
    ),

  leave: signedIn
    .input(z.strictObject({ ...inRoom, successorId: userId.nullish() }))
    .mutation(async ({ ctx, input: { successorId = null, ...input } }) =>
      unwrap(await chat.leaveChatroom(ctx.chat, { ...input, successorId, actorId: ctx.session.userId })),
    ),

  kick: signedIn
    .input(z.strictObject({ ...inRoom, userId }))
    .mutation(async ({ ctx, input }) =>
      unwrap(await chat.kickMember(ctx.chat, { ...input, actorId: ctx.session.userId })),
    ),

  changeRole: signedIn
    .input(z.strictObject({ ...inRoom, userId, role: z.enum(["moderator", "member"]) }))
    .mutation(async ({ ctx, input }) =>
      unwrap(await chat.changeRole(ctx.chat, { ...input, actorId: ctx.session.userId })),
    ),

  members: signedIn
    .input(z.strictObject({ chatroomId, cursor: opaque.nullish(), limit }))
    .query(async ({ ctx, input: { cursor = null, ...input } }) =>
      unwrap(await chat.listMembers(ctx.chat, { ...input, cursor, readerId: ctx.session.userId })),
    ),

  observe: signedIn
    .input(z.strictObject({ chatroomId, lastEventId: opaque.optional() }))
    .subscription(async function* ({ ctx: { chat: on, session }, input, signal }) {
      const over = untilOver(session, signal);
      const observation = await chat.observeChatroom(on, { ...input, observerId: session.userId, signal: over });
      for await (const { place, event } of relay(unwrap(observation), session)) yield tracked(place, event);
    }),

  signals: signedIn.input(z.strictObject({ chatroomId })).subscription(async function* ({
    ctx: { chat: on, session },
    input,
    signal,
  }) {
    const over = untilOver(session, signal);
    const signals = await chat.whoIsHere(on, { ...input, observerId: session.userId, signal: over });
    yield* relay(unwrap(signals), session);
  }),
});
