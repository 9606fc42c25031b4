import { z } from "zod";
import * as chat from "../../../application/mod.ts";
import { unwrap } from "../errors.ts";
import { chatroomId, limit, messageIdInput, requestId, sequenceInput, text } from "../inputs.ts";
import { router, signedIn } from "../procedures.ts";

export const messages = router({
  post: signedIn
    .input(z.strictObject({ chatroomId, body: text, requestId, replyTo: messageIdInput.nullish() }))
    .mutation(async ({ ctx, input: { replyTo = null, ...input } }) =>
      unwrap(await chat.postMessage(ctx.chat, { ...input, replyTo, authorId: ctx.session.userId })),
    ),

  history: signedIn
    .input(
      z
        .strictObject({
          chatroomId,
          before: sequenceInput.optional(),
          after: sequenceInput.optional(),
          around: sequenceInput.optional(),
          limit,
        })
        .refine(
          ({ before, after, around }) => [before, after, around].filter((place) => place !== undefined).length <= 1,
          "give one of before, after and around, or none",
        ),
    )
    .query(async ({ ctx, input }) =>
      unwrap(await chat.messageHistory(ctx.chat, { ...input, readerId: ctx.session.userId })),
    ),

  get: signedIn
    .input(z.strictObject({ chatroomId, messageId: messageIdInput }))
    .query(async ({ ctx, input }) =>
      unwrap(await chat.getMessage(ctx.chat, { ...input, readerId: ctx.session.userId })),
    ),
});
