import type { ChatroomId, Membership, RoomChange, UserId } from "../../domain/mod.ts";

/** Who is, or was, a member of which room: a projection of the log. */
export interface Memberships {
  /** Let a change take effect. Applied again, or after a later one, it alters nothing. Changes of a room come in order. */
  apply(change: RoomChange): Promise<void>;
  /** The memberships of up to 1,000 users in a room, ended ones included, in no order. */
  get(chatroomId: ChatroomId, userIds: readonly UserId[]): Promise<readonly Membership[]>;
  /** Memberships of a user that have not ended, deleted rooms included, by room id, compared by code point. */
  ofUser(userId: UserId): Promise<readonly Membership[]>;
  /**
   * Memberships of a room that have not ended, by user id, compared by code point; from behind `after` on; at most
   * `limit` (1 to 1,000).
   */
  ofChatroom(chatroomId: ChatroomId, after: UserId | null, limit: number): Promise<readonly Membership[]>;
}
