import type { ChatroomId, UserId } from "./ids.ts";
import type { Sequence } from "./place.ts";
import type { CapacityInvalid, TextInvalid } from "./refusals.ts";
import type { RoomChange } from "./room_change.ts";
import { judgeText } from "./text.ts";
import type { Timestamp } from "./timestamp.ts";

/** What its owner and moderators set of a room. */
export interface ChatroomSettings {
  /** 1 to 80 code points that show something; need not be unique. */
  readonly name: string;
  /** 0 to 500 code points. */
  readonly topic: string;
  /** How many members there can be: 1 to {@link MAX_CAPACITY}. */
  readonly capacity: number;
}

/** Some of the settings; what is left out, or undefined, stays as it is. */
export type SomeSettings = { readonly [Key in keyof ChatroomSettings]?: ChatroomSettings[Key] | undefined };

/** A room that users join to read and to post. */
export interface Chatroom extends ChatroomSettings {
  readonly id: ChatroomId;
  readonly ownerId: UserId;
  readonly memberCount: number;
  readonly createdAt: Timestamp;
  /** The change that ended the room, if one did. */
  readonly deletedAt: Timestamp | null;
  /** The last change that altered any of this. Posting does not. */
  readonly revision: Sequence;
}

export const MAX_CAPACITY = 100_000;

/** Judge settings, or a part of them. */
export function judgeSettings(settings: SomeSettings): TextInvalid | CapacityInvalid | null {
  const { name, topic, capacity } = settings;
  if (capacity !== undefined && !(Number.isInteger(capacity) && capacity >= 1 && capacity <= MAX_CAPACITY)) {
    return { code: "CAPACITY_INVALID", min: 1, max: MAX_CAPACITY };
  }
  const judgedName = name === undefined ? null : judgeText(name, { field: "name", min: 1, max: 80 });
  return judgedName ?? (topic === undefined ? null : judgeText(topic, { field: "topic", min: 0, max: 500 }));
}

/**
 * The room after a change; null before the first. A change at or below the room's revision is in it already and
 * alters nothing, nor does one that is not of the room itself.
 */
export function chatroomAfter(chatroom: Chatroom | null, change: RoomChange): Chatroom | null {
  if (change.kind === "chatroom_created") return chatroom ?? createdChatroom(change);
  if (chatroom === null || chatroom.revision >= change.sequence) return chatroom;
  const revised = { ...chatroom, revision: change.sequence, memberCount: change.memberCount };
  switch (change.kind) {
    case "chatroom_updated":
      return { ...revised, name: change.name, topic: change.topic, capacity: change.capacity };
    case "chatroom_deleted":
      return { ...revised, deletedAt: change.at };
    case "member_left":
      return { ...revised, ownerId: change.successorId ?? chatroom.ownerId };
    case "member_joined":
    case "member_kicked":
      return revised;
    case "member_role_changed":
    case "message_posted":
      return chatroom;
  }
}

function createdChatroom(change: RoomChange & { readonly kind: "chatroom_created" }): Chatroom {
  const { chatroomId, actorId, name, topic, capacity, memberCount, at, sequence } = change;
  return {
    id: chatroomId,
    ownerId: actorId,
    name,
    topic,
    capacity,
    memberCount,
    createdAt: at,
    deletedAt: null,
    revision: sequence,
  };
}
