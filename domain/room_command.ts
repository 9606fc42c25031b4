import type { ChatroomSettings, SomeSettings } from "./chatroom.ts";
import type { MessageId, RequestId, UserId } from "./ids.ts";
import type { Role } from "./membership.ts";
import type { RoomChange } from "./room_change.ts";
import type { Timestamp } from "./timestamp.ts";

/** Begin a room, with the actor as its owner. */
export interface CreateChatroom extends ChatroomSettings {
  readonly kind: "create_chatroom";
}

/** Set those settings that are given. */
export interface UpdateChatroom extends SomeSettings {
  readonly kind: "update_chatroom";
}

export interface DeleteChatroom {
  readonly kind: "delete_chatroom";
}

/** Become a member. Whoever is one already stays as they are. */
export interface Join {
  readonly kind: "join";
}

/** Stop being a member. An owner names who owns the room from then on. */
export interface Leave {
  readonly kind: "leave";
  readonly successorId: UserId | null;
}

/** Remove a member of a lower role. */
export interface Kick {
  readonly kind: "kick";
  readonly userId: UserId;
}

export interface ChangeRole {
  readonly kind: "change_role";
  readonly userId: UserId;
  readonly role: Exclude<Role, "owner">;
}

export interface PostMessage {
  readonly kind: "post_message";
  readonly body: string;
  readonly replyTo: MessageId | null;
}

/** What a user wants of a room. */
export type RoomIntention =
  | CreateChatroom
  | UpdateChatroom
  | DeleteChatroom
  | Join
  | Leave
  | Kick
  | ChangeRole
  | PostMessage;

/** An intention, with who has it, when it came, and the name under which it is carried out once. */
export type RoomCommand = RoomIntention & {
  readonly actorId: UserId;
  readonly requestId: RequestId;
  readonly at: Timestamp;
};

/** The members and messages that deciding a command looks at, beside the room itself. */
export interface Needs {
  readonly members: readonly UserId[];
  readonly messages: readonly MessageId[];
}

export function needs(command: RoomCommand): Needs {
  const { actorId } = command;
  switch (command.kind) {
    case "create_chatroom":
      return { members: [], messages: [] };
    case "update_chatroom":
    case "delete_chatroom":
    case "join":
      return { members: [actorId], messages: [] };
    case "leave":
      return { members: command.successorId === null ? [actorId] : [actorId, command.successorId], messages: [] };
    case "kick":
    case "change_role":
      return { members: [actorId, command.userId], messages: [] };
    case "post_message":
      return { members: [actorId], messages: command.replyTo === null ? [] : [command.replyTo] };
  }
}

/**
 * Whether a change is what this command would have brought, so that a repeated `requestId` is a retry and not
 * another intention. The change has all that was asked for, so it is compared itself and no digest of it.
 */
export function isSameRequest(command: RoomCommand, change: RoomChange): boolean {
  if (command.actorId !== change.actorId) return false;
  switch (command.kind) {
    case "create_chatroom":
      return change.kind === "chatroom_created" && agrees(command, change);
    case "update_chatroom":
      return change.kind === "chatroom_updated" && agrees(command, change);
    case "delete_chatroom":
      return change.kind === "chatroom_deleted";
    case "join":
      return change.kind === "member_joined";
    case "leave":
      // A successor is named in vain by who is no owner, and then not in the change.
      return change.kind === "member_left" && (change.successorId ?? command.successorId) === command.successorId;
    case "kick":
      return change.kind === "member_kicked" && change.userId === command.userId;
    case "change_role":
      return change.kind === "member_role_changed" && change.userId === command.userId && change.role === command.role;
    case "post_message":
      return change.kind === "message_posted" && change.body === command.body && change.replyTo === command.replyTo;
  }
}

function agrees(asked: SomeSettings, set: ChatroomSettings): boolean {
  return (
    (asked.name === undefined || asked.name === set.name) &&
    (asked.topic === undefined || asked.topic === set.topic) &&
    (asked.capacity === undefined || asked.capacity === set.capacity)
  );
}
