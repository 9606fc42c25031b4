import type {
  ChatroomId,
  Message,
  MessageId,
  MessageMissing,
  Result,
  Unavailable,
  UserId,
} from "../../../domain/mod.ts";
import { accepted, refused } from "../../../domain/mod.ts";
import type { ReadingRefusal } from "../../_room_reading.ts";
import { readAsMember } from "../../_room_reading.ts";
import type { Chat } from "../../chat.ts";

export interface GetMessageInput {
  readonly readerId: UserId;
  readonly chatroomId: ChatroomId;
  readonly messageId: MessageId;
}

/** Read one message of a room. */
export async function getMessage(
  chat: Pick<Chat, "log" | "messages" | "directory" | "memberships" | "clock">,
  { readerId, chatroomId, messageId }: GetMessageInput,
): Promise<Result<Message, ReadingRefusal | MessageMissing | Unavailable>> {
  const reading = await readAsMember(chat, chatroomId, readerId);
  if (!reading.ok) return reading;
  const [message] = await chat.messages.byIds(chatroomId, [messageId]);
  return message ? accepted(message) : refused({ code: "MESSAGE_MISSING", messageId });
}
