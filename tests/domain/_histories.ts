import fc from "fast-check";
import type {
  Chatroom,
  Membership,
  Message,
  MessageId,
  RoomChange,
  RoomCommand,
  RoomIntention,
  RoomState,
  RoomWindow,
  UserId,
} from "../../domain/mod.ts";
import {
  BEGINNING,
  chatroomAfter,
  chatroomId,
  decide,
  membersAltered,
  membershipAfter,
  messageId,
  messageOf,
  placed,
  requestId,
  sequence,
  timestamp,
  userId,
} from "../../domain/mod.ts";

export const ROOM = chatroomId("room");
export const USERS: readonly UserId[] = ["ann", "보라", "u:x:y", "__proto__", "dan"].map(userId);

/** A room kept in the plainest way: what every other holder of a room is compared with. */
export interface NaiveRoom extends RoomState {
  readonly changes: readonly RoomChange[];
  readonly members: ReadonlyMap<UserId, Membership>;
  readonly messages: readonly Message[];
}

export function naiveRoom(changes: readonly RoomChange[]): NaiveRoom {
  const members = new Map<UserId, Membership>();
  let chatroom: Chatroom | null = null;
  for (const change of changes) {
    chatroom = chatroomAfter(chatroom, change);
    for (const id of membersAltered(change)) {
      const after = membershipAfter(members.get(id) ?? null, id, change);
      if (after) members.set(id, after);
    }
  }
  const messages = changes.flatMap((change) => (change.kind === "message_posted" ? [messageOf(change)] : []));
  return {
    chatroomId: ROOM,
    chatroom,
    changes,
    members,
    messages,
    ordinal: messages.length,
    membership: (id) => members.get(id) ?? null,
    hasMessage: (id: MessageId) => messages.some((message) => message.id === id),
  };
}

/** What a member sees who reads the room anew at its head. */
export function windowOf(room: NaiveRoom, member: UserId, size: number): RoomWindow {
  return {
    chatroom: room.chatroom as Chatroom,
    membership: room.membership(member) as Membership,
    messages: room.messages.slice(-size),
    size,
    asOf: room.changes.at(-1)?.sequence ?? BEGINNING,
  };
}

/** Carry intentions out one after another; what is refused or changes nothing leaves no change. */
export function legalHistory(acts: readonly (readonly [UserId, RoomIntention])[]): readonly RoomChange[] {
  let changes: readonly RoomChange[] = [];
  for (const [index, [actorId, intention]] of acts.entries()) {
    const command: RoomCommand = { ...intention, actorId, requestId: requestId(`r${index}`), at: timestamp(index) };
    const decision = decide(naiveRoom(changes), command);
    if (decision.ok && decision.value)
      changes = [...changes, placed(decision.value, ROOM, sequence(changes.length + 1))];
  }
  return changes;
}

const someone = fc.constantFrom(...USERS);
const someText = fc.constantFrom("hello", "안녕", "😀", "a\nb");

const intention: fc.Arbitrary<RoomIntention> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("post_message" as const),
      body: someText,
      replyTo: fc.option(fc.integer({ min: 1, max: 30 }).map(messageId)),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ kind: "join" as const }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("leave" as const), successorId: fc.option(someone) }) },
  fc.record({ kind: fc.constant("kick" as const), userId: someone }),
  fc.record({
    kind: fc.constant("change_role" as const),
    userId: someone,
    role: fc.constantFrom("moderator" as const, "member" as const),
  }),
  fc.record({
    kind: fc.constant("update_chatroom" as const),
    name: someText,
    capacity: fc.integer({ min: 1, max: 5 }),
  }),
);

const creation: RoomIntention = { kind: "create_chatroom", name: "room", topic: "", capacity: 5 };

/** Histories that begin with the creation by the first user, and in which anyone tries anything. */
export const histories: fc.Arbitrary<readonly RoomChange[]> = fc
  .tuple(
    fc.array(fc.tuple(someone, intention), { maxLength: 60 }),
    fc.option(fc.constant([USERS[0] as UserId, { kind: "delete_chatroom" } as RoomIntention] as const), { freq: 4 }),
  )
  .map(([acts, end]) => legalHistory([[USERS[0] as UserId, creation], ...acts, ...(end ? [end] : [])]));
