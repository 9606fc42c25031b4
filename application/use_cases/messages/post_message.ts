import type { ChatroomId, Message, MessageId, Result, RoomRefusal, Unavailable, UserId } from "../../../domain/mod.ts";
import { accepted, messageOf, refused } from "../../../domain/mod.ts";
import type { Chat } from "../../chat.ts";

export interface PostMessageInput {
  readonly authorId: UserId;
  readonly chatroomId: ChatroomId;
  readonly body: string;
  readonly requestId: string;
  readonly replyTo: MessageId | null;
}

/** Post a message to a room; the same `requestId` again yields the message of the first time. */
export async function postMessage(
  { rooms }: Pick<Chat, "rooms">,
  { authorId, chatroomId, body, requestId, replyTo }: PostMessageInput,
): Promise<Result<Message, RoomRefusal | Unavailable>> {
  const outcome = await rooms.submit(
    chatroomId,
    { kind: "post_message", body, replyTo },
    { actorId: authorId, requestId },
  );
  if (!outcome.ok) return outcome;
  if (outcome.value?.kind === "message_posted") return accepted(messageOf(outcome.value));
  return refused({ code: "UNAVAILABLE", outcome: "unknown" });
}
