import type {
  Chatroom,
  ChatroomId,
  ChatroomSettings,
  Membership,
  MessageId,
  RoomChange,
  RoomChangeDraft,
  RoomIntention,
  UserId,
} from "../../domain/mod.ts";
import {
  chatroomAfter,
  decide,
  membersAltered,
  membershipAfter,
  messageId,
  placed,
  sequence,
  timestamp,
  userId,
} from "../../domain/mod.ts";
import { AT, freshRequest, OWNER, ROOM } from "./_changes.ts";

/** A legal history of one room, made by the rules themselves. Each step is decided where the last one ended. */
export interface History {
  readonly chatroomId: ChatroomId;
  readonly drafts: readonly RoomChangeDraft[];
  readonly changes: readonly RoomChange[];
  /** The room and its memberships as they are after the last step. */
  chatroom(): Chatroom;
  membership(userId: UserId): Membership | null;
  memberships(): readonly Membership[];
  /** Carry out what must be allowed and must alter something; answers the change. */
  does(actorId: UserId, intention: RoomIntention): RoomChange;
  creates(actorId: UserId, settings?: Partial<ChatroomSettings>): RoomChange;
  joins(actorId: UserId): RoomChange;
  leaves(actorId: UserId, successorId?: UserId): RoomChange;
  kicks(actorId: UserId, userId: UserId): RoomChange;
  posts(actorId: UserId, body: string, replyTo?: MessageId): RoomChange;
}

export function history(chatroomId: ChatroomId = ROOM): History {
  const drafts: RoomChangeDraft[] = [];
  const changes: RoomChange[] = [];
  const members = new Map<UserId, Membership>();
  let chatroom: Chatroom | null = null;

  const membership = (id: UserId): Membership | null => members.get(id) ?? null;

  function does(actorId: UserId, intention: RoomIntention): RoomChange {
    const at = timestamp(AT + 1_000 * changes.length);
    const hasMessage = (id: MessageId): boolean => changes[id - 1]?.kind === "message_posted";
    const ordinal = changes.at(-1)?.ordinal ?? 0;
    const room = { chatroomId, chatroom, ordinal, membership, hasMessage };
    const decision = decide(room, { ...intention, actorId, requestId: freshRequest(), at });
    if (!decision.ok || decision.value === null) {
      throw new Error(`${intention.kind} brings no change here: ${JSON.stringify(decision)}`);
    }
    const change = placed(decision.value, chatroomId, sequence(changes.length + 1));
    drafts.push(decision.value);
    changes.push(change);
    chatroom = chatroomAfter(chatroom, change);
    for (const id of membersAltered(change)) {
      const after = membershipAfter(membership(id), id, change);
      if (after) members.set(id, after);
    }
    return change;
  }

  return {
    chatroomId,
    drafts,
    changes,
    chatroom: () => chatroom as Chatroom,
    membership,
    memberships: () => [...members.values()],
    does,
    creates: (actorId, settings) =>
      does(actorId, { kind: "create_chatroom", name: "Sarang", topic: "", capacity: 100, ...settings }),
    joins: (actorId) => does(actorId, { kind: "join" }),
    leaves: (actorId, successorId) => does(actorId, { kind: "leave", successorId: successorId ?? null }),
    kicks: (actorId, userId) => does(actorId, { kind: "kick", userId }),
    posts: (actorId, body, replyTo) => does(actorId, { kind: "post_message", body, replyTo: replyTo ?? null }),
  };
}

/** A history that has every kind of change, some of them in each of their forms, and ends with the room's deletion. */
export function fullHistory(chatroomId: ChatroomId = ROOM): History {
  const room = history(chatroomId);
  const [kim, lee, park] = [userId("kim"), userId("lee"), userId("park")];
  room.creates(OWNER, { name: "사랑방", topic: "", capacity: 100_000 });
  room.joins(kim);
  const first = room.posts(kim, "안녕하세요");
  room.posts(OWNER, "welcome\n😀", messageId(first.sequence));
  room.does(OWNER, { kind: "update_chatroom", topic: "tea, and talk" });
  room.joins(lee);
  room.does(OWNER, { kind: "change_role", userId: kim, role: "moderator" });
  room.kicks(kim, lee);
  room.joins(lee);
  room.leaves(lee);
  room.joins(park);
  room.leaves(OWNER, park);
  room.does(park, { kind: "change_role", userId: kim, role: "member" });
  room.does(park, { kind: "update_chatroom", name: "Sarangbang", capacity: 2 });
  room.posts(park, "last words");
  room.does(park, { kind: "delete_chatroom" });
  return room;
}
