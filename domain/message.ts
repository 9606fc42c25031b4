import type { ChatroomId, MessageId, UserId } from "./ids.ts";
import { messageId } from "./ids.ts";
import type { Sequence } from "./place.ts";
import type { TextInvalid } from "./refusals.ts";
import type { RoomChange } from "./room_change.ts";
import { judgeText } from "./text.ts";
import type { Timestamp } from "./timestamp.ts";

/** What a member said in a room. It *is* its `message_posted` change, seen as a thing. */
export interface Message {
  readonly id: MessageId;
  readonly chatroomId: ChatroomId;
  readonly sequence: Sequence;
  /** Which message of its room it is: 1, 2, 3 … */
  readonly ordinal: number;
  readonly authorId: UserId;
  /** Text as its author wrote it, 1 to 4,000 code points. Not markup: escape it where it is shown. */
  readonly body: string;
  readonly replyTo: MessageId | null;
  readonly postedAt: Timestamp;
}

export function judgeBody(body: string): TextInvalid | null {
  return judgeText(body, { field: "body", min: 1, max: 4_000 });
}

export function messageOf(change: RoomChange & { readonly kind: "message_posted" }): Message {
  const { chatroomId, sequence, ordinal, actorId, body, replyTo, at } = change;
  return { id: messageId(sequence), chatroomId, sequence, ordinal, authorId: actorId, body, replyTo, postedAt: at };
}
