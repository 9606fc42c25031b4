import type { ChatroomId, Message, MessageId } from "../../domain/mod.ts";

/** Reads the messages of a room; a message is its `message_posted` change, so posting writes it. */
export interface Messages {
  /** The messages whose ordinal is from `from` to `to`, both included, in order; at most 1,000 apart. May lag. */
  byOrdinal(chatroomId: ChatroomId, from: number, to: number): Promise<readonly Message[]>;
  /** Those of up to 1,000 messages that the room has, in no order; as fresh as `RoomLog.head`. */
  byIds(chatroomId: ChatroomId, messageIds: readonly MessageId[]): Promise<readonly Message[]>;
}
