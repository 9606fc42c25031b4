import type { Chatroom, ChatroomId, RoomChange } from "../../domain/mod.ts";

/** Where a list of rooms goes on: behind the room with this folded name and id. */
export interface DirectoryPosition {
  readonly name: string;
  readonly id: ChatroomId;
}

/** The rooms as rows: a projection of the log, deleted rooms included. */
export interface Directory {
  /** Let a change take effect. Applied again, or after a later one, it alters nothing. Changes of a room come in order. */
  apply(change: RoomChange): Promise<void>;
  get(chatroomId: ChatroomId): Promise<Chatroom | null>;
  /** Those of up to 1,000 rooms that there are, in no order. */
  byIds(chatroomIds: readonly ChatroomId[]): Promise<readonly Chatroom[]>;
  /**
   * Rooms that are not deleted, whose folded name contains `query` (folded; empty for all), ordered by folded name,
   * then by id, both compared by code point; from behind `after` on; at most `limit` (1 to 1,000).
   */
  list(query: string, after: DirectoryPosition | null, limit: number): Promise<readonly Chatroom[]>;
}
