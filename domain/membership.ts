import type { ChatroomId, UserId } from "./ids.ts";
import type { Sequence } from "./place.ts";
import type { RoomChange } from "./room_change.ts";
import type { Timestamp } from "./timestamp.ts";

/** The one owner may do all, moderators remove members and change settings, members read and post. */
export type Role = "owner" | "moderator" | "member";

/** That a user is, or was, a member of a room. It stays when it has ended, so that the user can be told why. */
export interface Membership {
  readonly chatroomId: ChatroomId;
  readonly userId: UserId;
  readonly role: Role;
  readonly joinedAt: Timestamp;
  /** How it ended, or null while it lasts. A room's deletion ends no membership: it ends the room. */
  readonly ended: "left" | "kicked" | null;
  /** The last change that altered any of this. */
  readonly revision: Sequence;
}

const RANK: Readonly<Record<Role, number>> = { member: 0, moderator: 1, owner: 2 };

/** Whether one role may act on the holder of another. */
export function outranks(role: Role, other: Role): boolean {
  return RANK[role] > RANK[other];
}

export function isActive(membership: Membership | null): membership is Membership & { readonly ended: null } {
  return membership !== null && membership.ended === null;
}

/** The users whose membership a change alters: one, or two when ownership passes on. */
export function membersAltered(change: RoomChange): readonly UserId[] {
  switch (change.kind) {
    case "chatroom_created":
      return [change.actorId];
    case "member_joined":
    case "member_kicked":
    case "member_role_changed":
      return [change.userId];
    case "member_left":
      return change.successorId === null ? [change.userId] : [change.userId, change.successorId];
    case "chatroom_updated":
    case "chatroom_deleted":
    case "message_posted":
      return [];
  }
}

/**
 * The membership of `userId` after a change; null while there never was one. A change at or below the membership's
 * revision is in it already and alters nothing, nor does one of someone else's membership.
 */
export function membershipAfter(membership: Membership | null, userId: UserId, change: RoomChange): Membership | null {
  if (membership !== null && membership.revision >= change.sequence) return membership;
  if (!membersAltered(change).includes(userId)) return membership;
  switch (change.kind) {
    case "chatroom_created":
      return startedMembership(userId, "owner", change);
    case "member_joined":
      return startedMembership(userId, "member", change);
    case "member_left":
      return change.userId === userId
        ? revised(membership, change, { ended: "left" })
        : revised(membership, change, { role: "owner" });
    case "member_kicked":
      return revised(membership, change, { ended: "kicked" });
    case "member_role_changed":
      return revised(membership, change, { role: change.role });
    case "chatroom_updated":
    case "chatroom_deleted":
    case "message_posted":
      return membership;
  }
}

function startedMembership(userId: UserId, role: Role, { chatroomId, at, sequence }: RoomChange): Membership {
  return { chatroomId, userId, role, joinedAt: at, ended: null, revision: sequence };
}

function revised(membership: Membership | null, { sequence }: RoomChange, to: Partial<Membership>): Membership | null {
  return membership && { ...membership, ...to, revision: sequence };
}
