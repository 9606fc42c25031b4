import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { ChatroomSettings, RoomCommand, RoomIntention, RoomState, UserId } from "../../domain/mod.ts";
import {
  decide,
  isActive,
  isSameRequest,
  messageId,
  needs,
  placed,
  requestId,
  sequence,
  timestamp,
  userId,
} from "../../domain/mod.ts";
import { histories, legalHistory, naiveRoom, ROOM, USERS } from "./_histories.ts";

const [ann, bora, cho] = ["ann", "bora", "cho"].map(userId) as [UserId, UserId, UserId];
const settings: ChatroomSettings = { name: "room", topic: "", capacity: 3 };
const create: RoomIntention = { kind: "create_chatroom", ...settings };
const join: RoomIntention = { kind: "join" };
const post = (body: string, replyTo: number | null = null): RoomIntention => ({
  kind: "post_message",
  body,
  replyTo: replyTo === null ? null : messageId(replyTo),
});
const role = (id: UserId, to: "moderator" | "member"): RoomIntention => ({ kind: "change_role", userId: id, role: to });

function command(actorId: UserId, intention: RoomIntention): RoomCommand {
  return { ...intention, actorId, requestId: requestId("r"), at: timestamp(7) };
}

/** What `actor` is answered in a room with a past. */
function answer(past: readonly (readonly [UserId, RoomIntention])[], actor: UserId, intention: RoomIntention): unknown {
  const decision = decide(naiveRoom(legalHistory(past)), command(actor, intention));
  return decision.ok ? decision.value : decision.error;
}

const open: readonly (readonly [UserId, RoomIntention])[] = [
  [ann, create],
  [bora, join],
];

describe("decide()", () => {
  test("begins a room with its creator as owner and first member", () => {
    const draft = {
      ...settings,
      kind: "chatroom_created",
      actorId: ann,
      at: 7,
      ordinal: 0,
      memberCount: 1,
      key: "u:r:ann",
    };
    expect(answer([], ann, create)).toEqual(draft);
  });

  test("counts messages and members in every change", () => {
    const past = [...open, [bora, post("hi")], [cho, join]] as const;
    expect(answer(past, cho, post("hello", 3))).toMatchObject({
      kind: "message_posted",
      ordinal: 2,
      memberCount: 3,
      replyTo: 3,
    });
  });

  test("changes nothing where all is as wanted", () => {
    expect(answer(open, bora, join)).toBeNull();
    expect(answer(open, cho, { kind: "leave", successorId: null })).toBeNull();
    expect(answer(open, ann, { kind: "update_chatroom", name: "room" })).toBeNull();
    expect(answer(open, ann, { kind: "change_role", userId: bora, role: "member" })).toBeNull();
    expect(answer([...open, [ann, { kind: "kick", userId: bora }]], ann, { kind: "kick", userId: bora })).toBeNull();
  });

  test("refuses what the room does not allow", () => {
    const gone = [...open, [ann, { kind: "delete_chatroom" }]] as const;
    const full = [[ann, { ...create, capacity: 1 } as RoomIntention]] as const;
    const kicked = [...open, [ann, { kind: "kick", userId: bora }]] as const;
    const refusals: readonly (readonly [unknown, unknown])[] = [
      [answer([], bora, join), { code: "CHATROOM_MISSING", chatroomId: ROOM }],
      [answer(gone, bora, post("hi")), { code: "CHATROOM_DELETED", chatroomId: ROOM }],
      [answer(gone, cho, join), { code: "CHATROOM_MISSING", chatroomId: ROOM }],
      [answer(open, ann, create), { code: "REQUEST_REUSED", requestId: "r" }],
      [answer(full, bora, join), { code: "CHATROOM_FULL", capacity: 1 }],
      [answer(open, cho, post("hi")), { code: "NOT_A_MEMBER", chatroomId: ROOM }],
      [answer(kicked, bora, post("hi")), { code: "MEMBERSHIP_ENDED", reason: "kicked", sequence: 3 }],
      [answer(open, bora, { kind: "delete_chatroom" }), { code: "ROLE_TOO_LOW", role: "member", needed: ["owner"] }],
      [
        answer(open, bora, { kind: "update_chatroom", name: "x" }),
        { code: "ROLE_TOO_LOW", role: "member", needed: ["owner", "moderator"] },
      ],
      [answer(open, bora, { kind: "kick", userId: ann }), { code: "ROLE_TOO_LOW", role: "member", needed: ["owner"] }],
      // No role would do: an owner who wants to go leaves.
      [answer(open, ann, { kind: "kick", userId: ann }), { code: "SUCCESSOR_NEEDED", memberCount: 2 }],
      [answer(open, ann, { kind: "kick", userId: cho }), { code: "MEMBER_MISSING", userId: cho }],
      [
        answer(open, ann, { kind: "change_role", userId: ann, role: "member" }),
        { code: "SUCCESSOR_NEEDED", memberCount: 2 },
      ],
      [answer(open, ann, { kind: "leave", successorId: null }), { code: "SUCCESSOR_NEEDED", memberCount: 2 }],
      [answer(open, ann, { kind: "leave", successorId: cho }), { code: "MEMBER_MISSING", userId: cho }],
      [answer(open, bora, post("hi", 2)), { code: "MESSAGE_MISSING", messageId: 2 }],
      [answer(open, ann, { kind: "update_chatroom", capacity: 0 }), { code: "CAPACITY_INVALID", min: 1, max: 100_000 }],
    ];
    for (const [got, expected] of refusals) expect(got).toEqual(expected);
  });

  test("lets moderators remove members and change settings, and no more", () => {
    const past = [...open, [cho, join], [ann, role(bora, "moderator")]] as const;
    const two = [...past, [ann, role(cho, "moderator")]] as const;
    expect(answer(past, bora, { kind: "update_chatroom", topic: "t" })).toMatchObject({ kind: "chatroom_updated" });
    expect(answer(past, bora, { kind: "kick", userId: cho })).toMatchObject({ kind: "member_kicked", userId: cho });
    const tooLow = (own: string) => ({ code: "ROLE_TOO_LOW", role: own, needed: ["owner"] });
    expect(answer(past, bora, role(cho, "moderator"))).toEqual(tooLow("moderator"));
    expect(answer(past, bora, role(bora, "member"))).toEqual(tooLow("moderator"));
    expect(answer(past, bora, { kind: "delete_chatroom" })).toEqual(tooLow("moderator"));
    expect(answer(past, bora, { kind: "kick", userId: ann })).toEqual(tooLow("moderator"));
    expect(answer(two, bora, { kind: "kick", userId: cho })).toEqual(tooLow("moderator"));
    expect(answer(past, cho, role(cho, "moderator"))).toEqual(tooLow("member"));
  });

  test("lets the owner change the role of any other member", () => {
    const up = { kind: "member_role_changed", userId: bora, role: "moderator", memberCount: 2 };
    const past = [...open, [ann, role(bora, "moderator")]] as const;
    expect(answer(open, ann, role(bora, "moderator"))).toMatchObject(up);
    expect(answer(past, ann, role(bora, "member"))).toMatchObject({ ...up, role: "member" });
    expect(answer(open, ann, role(cho, "moderator"))).toEqual({ code: "MEMBER_MISSING", userId: cho });
  });

  test("passes ownership on when an owner leaves", () => {
    const changes = legalHistory([...open, [ann, { kind: "leave", successorId: bora }]]);
    const room = naiveRoom(changes);
    expect(room.chatroom).toMatchObject({ ownerId: bora, memberCount: 1 });
    expect(room.membership(bora)).toMatchObject({ role: "owner", ended: null });
    expect(room.membership(ann)).toMatchObject({ ended: "left" });
  });

  test("keeps one owner and a true count of members in any legal history", () => {
    fc.assert(
      fc.property(histories, (changes) => {
        const room = naiveRoom(changes);
        const active = [...room.members.values()].filter(isActive);
        expect(active.filter(({ role }) => role === "owner").map(({ userId }) => userId)).toEqual([
          room.chatroom?.ownerId as UserId,
        ]);
        expect(room.chatroom?.memberCount).toBe(active.length);
        expect(changes.at(-1)).toMatchObject({ memberCount: active.length, ordinal: room.messages.length });
        expect(changes.map((change) => change.sequence)).toEqual(changes.map((_, index) => sequence(index + 1)));
      }),
    );
  });

  test("looks only at what needs() names", () => {
    const intentions: readonly RoomIntention[] = [
      create,
      join,
      post("hi"),
      post("hi", 3),
      { kind: "leave", successorId: bora },
      { kind: "kick", userId: bora },
      { kind: "change_role", userId: bora, role: "moderator" },
      { kind: "update_chatroom", topic: "t" },
      { kind: "delete_chatroom" },
    ];
    fc.assert(
      fc.property(histories, fc.constantFrom(...USERS), fc.constantFrom(...intentions), (changes, actor, intention) => {
        const room = naiveRoom(changes);
        const asked = command(actor, intention);
        const { members, messages } = needs(asked);
        const watched: RoomState = {
          ...room,
          membership: (id) => (members.includes(id) ? room.membership(id) : fail(`membership of ${id}`)),
          hasMessage: (id) => (messages.includes(id) ? room.hasMessage(id) : fail(`message ${id}`)),
        };
        expect(decide(watched, asked)).toEqual(decide(room, asked));
      }),
    );
  });
});

function fail(what: string): never {
  throw new Error(`decide() looked at the ${what}, which needs() does not name`);
}

describe("isSameRequest()", () => {
  test("knows the change of its own command, and no other", () => {
    const asked: readonly RoomIntention[] = [
      post("hi"),
      post("ho"),
      post("hi", 3),
      { kind: "update_chatroom", topic: "t" },
      { kind: "update_chatroom", topic: "u" },
    ];
    const room = naiveRoom(legalHistory([...open, [ann, post("first")]]));
    for (const [index, intention] of asked.entries()) {
      const decision = decide(room, command(ann, intention));
      if (!decision.ok || !decision.value) throw new Error("is a change");
      const change = placed(decision.value, ROOM, sequence(4));
      expect(asked.map((other) => isSameRequest(command(ann, other), change))).toEqual(
        asked.map((_, other) => other === index),
      );
      expect(isSameRequest(command(bora, intention), change)).toBeFalse();
    }
  });

  /** Which of what Ann may want the change could have come of that this brings. */
  function sameAs(past: readonly (readonly [UserId, RoomIntention])[], wanted: RoomIntention, all: RoomIntention[]) {
    const change = legalHistory([...past, [ann, wanted]]).at(-1);
    return all.filter((other) => change && isSameRequest(command(ann, other), change));
  }

  test("tells commands apart by whom and what they are about", () => {
    const [bring, others]: readonly [RoomIntention[], RoomIntention[]] = [
      [
        { kind: "kick", userId: bora },
        { kind: "kick", userId: cho },
        { kind: "leave", successorId: bora },
        { kind: "leave", successorId: cho },
        role(bora, "moderator"),
        role(cho, "member"),
        { kind: "update_chatroom", name: "room", topic: "", capacity: 9 },
        { kind: "update_chatroom", name: "other", topic: "", capacity: 3 },
        { kind: "delete_chatroom" },
        post("hi"),
      ],
      // These bring no change here, and are asked for all the same.
      [create, join, { kind: "leave", successorId: null }, role(bora, "member"), role(cho, "moderator")],
    ];
    const past = [...open, [cho, join], [ann, role(cho, "moderator")]] as const;
    for (const wanted of bring) expect(sameAs(past, wanted, [...bring, ...others])).toEqual([wanted]);
  });

  test("tells rooms begun by one request apart by their settings, and a join from all else", () => {
    const changed = [{}, { name: "x" }, { topic: "x" }, { capacity: 9 }];
    const begun = changed.map((some): RoomIntention => ({ kind: "create_chatroom", ...settings, ...some }));
    for (const wanted of begun) expect(sameAs([], wanted, [...begun, join])).toEqual([wanted]);
    const past = [[bora, create]] as const;
    expect(sameAs(past, join, [...begun, join, post("hi")])).toEqual([join]);
  });
});
