import type { ChatroomSettings } from "./chatroom.ts";
import type { ChangeKey, ChatroomId, MessageId, RequestId, UserId } from "./ids.ts";
import type { Role } from "./membership.ts";
import type { Sequence } from "./place.ts";
import type { Timestamp } from "./timestamp.ts";

/** A room began, with its creator as owner and first member. Always sequence 1. */
export interface ChatroomCreated extends ChatroomSettings {
  readonly kind: "chatroom_created";
}

/** The settings are now these, all of them. */
export interface ChatroomUpdated extends ChatroomSettings {
  readonly kind: "chatroom_updated";
}

/** The room ended. Nothing follows. */
export interface ChatroomDeleted {
  readonly kind: "chatroom_deleted";
}

export interface MemberJoined {
  readonly kind: "member_joined";
  readonly userId: UserId;
}

/** A member left; if that was the owner, the successor owns the room from here on. */
export interface MemberLeft {
  readonly kind: "member_left";
  readonly userId: UserId;
  readonly successorId: UserId | null;
}

/** A member was removed by someone of a higher role. They may join again. */
export interface MemberKicked {
  readonly kind: "member_kicked";
  readonly userId: UserId;
}

export interface MemberRoleChanged {
  readonly kind: "member_role_changed";
  readonly userId: UserId;
  readonly role: Exclude<Role, "owner">;
}

export interface MessagePosted {
  readonly kind: "message_posted";
  readonly body: string;
  readonly replyTo: MessageId | null;
  /** By which the author's own client knows its message again. */
  readonly requestId: RequestId;
}

/** What can happen in a room. */
export type RoomFact =
  | ChatroomCreated
  | ChatroomUpdated
  | ChatroomDeleted
  | MemberJoined
  | MemberLeft
  | MemberKicked
  | MemberRoleChanged
  | MessagePosted;

/** What every change carries, whatever happened. */
export interface Circumstances {
  /** Whose command it was. */
  readonly actorId: UserId;
  readonly at: Timestamp;
  /** Messages that the room has had up to here, this change included. */
  readonly ordinal: number;
  /** Members that the room has after this change. */
  readonly memberCount: number;
}

/** What is decided and not yet written. `key` is unique in the room's log. */
export type RoomChangeDraft = RoomFact & Circumstances & { readonly key: ChangeKey };

/** A lasting change of a room, at its place in the room's log. */
export type RoomChange = RoomFact & Circumstances & { readonly chatroomId: ChatroomId; readonly sequence: Sequence };

/** The change that a draft becomes at a place. */
export function placed({ key: _, ...draft }: RoomChangeDraft, chatroomId: ChatroomId, sequence: Sequence): RoomChange {
  return { chatroomId, sequence, ...draft };
}

/** Whether a change alters something beside the log, so that projections must follow. A post is complete by itself. */
export function isProjected(change: RoomChange): boolean {
  return change.kind !== "message_posted";
}
