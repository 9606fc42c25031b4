import type { Chatroom, ChatroomSettings } from "./chatroom.ts";
import { judgeSettings } from "./chatroom.ts";
import type { ChatroomId, MessageId, UserId } from "./ids.ts";
import { changeKey } from "./ids.ts";
import type { Membership, Role } from "./membership.ts";
import { isActive, outranks } from "./membership.ts";
import { judgeBody } from "./message.ts";
import type {
  ChatroomDeletedRefusal,
  ChatroomMissing,
  MembershipEnded,
  NotAMember,
  RoleTooLow,
  RoomRefusal,
} from "./refusals.ts";
import type { Result } from "./result.ts";
import { accepted, refused } from "./result.ts";
import type { RoomChangeDraft, RoomFact } from "./room_change.ts";
import type {
  ChangeRole,
  CreateChatroom,
  Kick,
  Leave,
  PostMessage,
  RoomCommand,
  UpdateChatroom,
} from "./room_command.ts";

/**
 * A room as deciding sees it, at one place of its log. It holds at least what `needs` of the command names: what was
 * not loaded must not be asked for.
 */
export interface RoomState {
  readonly chatroomId: ChatroomId;
  /** Null before the first change. */
  readonly chatroom: Chatroom | null;
  /** Messages so far. */
  readonly ordinal: number;
  membership(userId: UserId): Membership | null;
  hasMessage(messageId: MessageId): boolean;
}

/** A fact to write, and by how much it alters the number of members; null if all is as wanted already. */
type Decision = Result<{ readonly fact: RoomFact; readonly members: -1 | 0 | 1 } | null, RoomRefusal>;

/** Decide what a command makes of a room: the next change, nothing (null), or a refusal. */
export function decide(room: RoomState, command: RoomCommand): Result<RoomChangeDraft | null, RoomRefusal> {
  const decision = decideFact(room, command);
  if (!decision.ok || decision.value === null) return decision as Result<null, RoomRefusal>;
  const { fact, members } = decision.value;
  const { actorId, requestId, at } = command;
  return accepted({
    ...fact,
    actorId,
    at,
    ordinal: room.ordinal + (fact.kind === "message_posted" ? 1 : 0),
    memberCount: (room.chatroom?.memberCount ?? 0) + members,
    key: changeKey(requestId, actorId),
  });
}

function decideFact(room: RoomState, command: RoomCommand): Decision {
  if (command.kind === "create_chatroom") return create(room, command);
  const opened = judgeRoom(room, command.actorId);
  if (!opened.ok) return opened;
  const chatroom = opened.value;
  if (command.kind === "join") return join(room, chatroom, command.actorId);
  const own = room.membership(command.actorId);
  if (command.kind === "leave") return leave(room, own, command);
  const member = judgeMembership(room.chatroomId, own);
  if (!member.ok) return member;
  switch (command.kind) {
    case "update_chatroom":
      return update(chatroom, member.value, command);
    case "delete_chatroom":
      return judgeRole(member.value, ["owner"]) ?? write({ kind: "chatroom_deleted" });
    case "kick":
      return kick(room, member.value, command);
    case "change_role":
      return changeRole(room, member.value, command);
    case "post_message":
      return post(room, command);
  }
}

/** The room, unless it never was, or is deleted; the latter is told to those who were members. */
export function judgeRoom(
  room: Pick<RoomState, "chatroomId" | "chatroom" | "membership">,
  userId: UserId,
): Result<Chatroom, ChatroomMissing | ChatroomDeletedRefusal> {
  const { chatroom, chatroomId } = room;
  if (chatroom !== null && chatroom.deletedAt === null) return accepted(chatroom);
  const known = chatroom !== null && room.membership(userId) !== null;
  return refused({ code: known ? "CHATROOM_DELETED" : "CHATROOM_MISSING", chatroomId });
}

/** The membership, unless there is none, or it has ended. */
export function judgeMembership(
  chatroomId: ChatroomId,
  membership: Membership | null,
): Result<Membership, NotAMember | MembershipEnded> {
  if (membership === null) return refused({ code: "NOT_A_MEMBER", chatroomId });
  if (membership.ended === null) return accepted(membership);
  return refused({ code: "MEMBERSHIP_ENDED", reason: membership.ended, sequence: membership.revision });
}

function create(room: RoomState, { requestId, name, topic, capacity }: CreateChatroom & RoomCommand): Decision {
  const settings: ChatroomSettings = { name, topic, capacity };
  const invalid = judgeSettings(settings);
  if (invalid) return refused(invalid);
  // The id is made of the creator and the request, so whoever finds the room there has used the request before.
  if (room.chatroom !== null) return refused({ code: "REQUEST_REUSED", requestId });
  return write({ kind: "chatroom_created", ...settings }, 1);
}

function update(chatroom: Chatroom, own: Membership, asked: UpdateChatroom): Decision {
  const { name = chatroom.name, topic = chatroom.topic, capacity = chatroom.capacity } = asked;
  const invalid = judgeSettings(asked);
  if (invalid) return refused(invalid);
  const unable = judgeRole(own, ["owner", "moderator"]);
  if (unable) return unable;
  const same = name === chatroom.name && topic === chatroom.topic && capacity === chatroom.capacity;
  return same ? accepted(null) : write({ kind: "chatroom_updated", name, topic, capacity });
}

function join(room: RoomState, chatroom: Chatroom, userId: UserId): Decision {
  if (isActive(room.membership(userId))) return accepted(null);
  if (chatroom.memberCount >= chatroom.capacity) return refused({ code: "CHATROOM_FULL", capacity: chatroom.capacity });
  return write({ kind: "member_joined", userId }, 1);
}

function leave(room: RoomState, own: Membership | null, { successorId }: Leave): Decision {
  if (!isActive(own)) return accepted(null);
  if (own.role !== "owner") return write({ kind: "member_left", userId: own.userId, successorId: null }, -1);
  if (successorId === null || successorId === own.userId) {
    return successorNeeded(room);
  }
  if (!isActive(room.membership(successorId))) return refused({ code: "MEMBER_MISSING", userId: successorId });
  return write({ kind: "member_left", userId: own.userId, successorId }, -1);
}

function kick(room: RoomState, own: Membership, { userId }: Kick): Decision {
  const target = room.membership(userId);
  if (target?.ended) return accepted(null);
  if (target === null) return refused({ code: "MEMBER_MISSING", userId });
  if (target.role === "owner" && own.role === "owner") return successorNeeded(room);
  if (!outranks(own.role, target.role))
    return tooLow(own, target.role === "member" ? ["owner", "moderator"] : ["owner"]);
  return write({ kind: "member_kicked", userId }, -1);
}

function changeRole(room: RoomState, own: Membership, { userId, role }: ChangeRole): Decision {
  const unable = judgeRole(own, ["owner"]);
  if (unable) return unable;
  const target = room.membership(userId);
  if (!isActive(target)) return refused({ code: "MEMBER_MISSING", userId });
  if (target.role === "owner") return successorNeeded(room);
  return target.role === role ? accepted(null) : write({ kind: "member_role_changed", userId, role });
}

function post(room: RoomState, { body, replyTo, requestId }: PostMessage & RoomCommand): Decision {
  const invalid = judgeBody(body);
  if (invalid) return refused(invalid);
  if (replyTo !== null && !room.hasMessage(replyTo)) return refused({ code: "MESSAGE_MISSING", messageId: replyTo });
  return write({ kind: "message_posted", body, replyTo, requestId });
}

function judgeRole(own: Membership, needed: readonly Role[]): Decision | null {
  return needed.includes(own.role) ? null : tooLow(own, needed);
}

function successorNeeded({ chatroom }: RoomState): Decision {
  return refused({ code: "SUCCESSOR_NEEDED", memberCount: chatroom?.memberCount ?? 0 });
}

function tooLow({ role }: Membership, needed: readonly Role[]): { ok: false; error: RoleTooLow } {
  return refused({ code: "ROLE_TOO_LOW", role, needed });
}

function write(fact: RoomFact, members: -1 | 0 | 1 = 0): Decision {
  return accepted({ fact, members });
}
