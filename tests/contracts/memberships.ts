import { expect } from "bun:test";
import type { Memberships } from "../../application/mod.ts";
import type { Membership, RoomChange, UserId } from "../../domain/mod.ts";
import { compareText, membersAltered, membershipAfter, userId } from "../../domain/mod.ts";
import { NO_ROOM, OTHER_ROOM, OWNER, ROOM, texts } from "./_changes.ts";
import { fullHistory, history } from "./_history.ts";
import { membershipListProofs } from "./_memberships_lists.ts";
import { ODD_USERS } from "./_odd_texts.ts";
import { applyAgain, applyAll } from "./_projection_support.ts";
import type { Case, Proofs, Setup } from "./_setup.ts";
import { casesOf, register } from "./_setup.ts";

export function membershipsCases(setup: Setup<Memberships>): readonly Case[] {
  return casesOf(setup, { ...applyProofs, ...membershipListProofs });
}

export function testMemberships(setup: Setup<Memberships>): void {
  register(membershipsCases(setup));
}

const [KIM, LEE, PARK, NOBODY] = ["kim", "lee", "park", "nobody"].map(userId) as [UserId, UserId, UserId, UserId];
const EVERYBODY = [KIM, LEE, NOBODY, OWNER, PARK];

const byUser = (all: readonly Membership[]) => all.toSorted((a, b) => compareText(a.userId, b.userId));

async function everybody(memberships: Memberships): Promise<readonly Membership[]> {
  return byUser(await memberships.get(ROOM, EVERYBODY));
}

/** What {@link everybody} must answer after these changes. */
function expectedAfter(changes: readonly RoomChange[]): readonly Membership[] {
  const members = new Map<UserId, Membership>();
  for (const change of changes) {
    for (const id of membersAltered(change)) {
      members.set(id, membershipAfter(members.get(id) ?? null, id, change) as Membership);
    }
  }
  return byUser([...members.values()]);
}

const applyProofs: Proofs<Memberships> = {
  "apply() lets each kind of change take effect on the memberships": async (memberships) => {
    const { changes } = fullHistory();
    for (const [index, change] of changes.entries()) {
      await memberships.apply(change);
      expect(await everybody(memberships)).toStrictEqual(expectedAfter(changes.slice(0, index + 1)));
    }
  },

  "apply() again, or of a change before the last one, alters nothing": async (memberships) => {
    const { changes } = fullHistory();
    for (let length = 1; length <= changes.length; length++) {
      const applied = changes.slice(0, length);
      await memberships.apply(applied.at(-1) as RoomChange);
      await applyAgain(memberships, applied);
      expect(await everybody(memberships)).toStrictEqual(expectedAfter(applied));
    }
  },

  "apply() brings a room to its end however often and by however many it is done at once": async (memberships) => {
    const room = fullHistory();
    await Promise.all(texts(6).map(() => applyAll(memberships, room.changes)));
    expect(await everybody(memberships)).toStrictEqual(byUser(room.memberships()));
  },

  "apply() lets someone who was kicked, or left, and is back be a plain member again": async (memberships) => {
    const room = history();
    room.creates(OWNER);
    room.joins(KIM);
    room.does(OWNER, { kind: "change_role", userId: KIM, role: "moderator" });
    await applyAll(memberships, room.changes);
    for (const end of [() => room.kicks(OWNER, KIM), () => room.leaves(KIM)]) {
      await memberships.apply(end());
      expect(await memberships.get(ROOM, [KIM])).toStrictEqual([room.membership(KIM) as Membership]);
      const back = room.joins(KIM);
      await memberships.apply(back);
      expect(await memberships.get(ROOM, [KIM])).toStrictEqual([
        {
          chatroomId: ROOM,
          userId: KIM,
          role: "member",
          joinedAt: back.at,
          ended: null,
          revision: back.sequence,
        },
      ]);
    }
  },

  "apply() of an owner's leaving alters two memberships": async (memberships) => {
    const room = history();
    room.creates(OWNER);
    room.joins(KIM);
    room.joins(LEE);
    const left = room.leaves(OWNER, LEE);
    await applyAll(memberships, room.changes);
    const [kim, lee, owner] = await everybody(memberships);
    expect(kim).toMatchObject({ userId: KIM, role: "member", ended: null });
    expect(lee).toMatchObject({ userId: LEE, role: "owner", ended: null, revision: left.sequence });
    expect(owner).toMatchObject({ userId: OWNER, role: "owner", ended: "left", revision: left.sequence });
  },

  "apply() of one room leaves the others alone": async (memberships) => {
    const other = history(OTHER_ROOM);
    other.creates(OWNER);
    other.joins(KIM);
    await applyAll(memberships, [...other.changes, ...fullHistory(ROOM).changes]);
    expect(byUser(await memberships.get(OTHER_ROOM, EVERYBODY))).toStrictEqual(byUser(other.memberships()));
  },

  "get() answers the memberships that there are or were, and leaves out the others": async (memberships) => {
    const room = fullHistory();
    await applyAll(memberships, room.changes);
    const unknown = texts(997).map(userId);
    const found = await memberships.get(ROOM, [...unknown, PARK, LEE, OWNER]);
    expect(byUser(found)).toStrictEqual(expectedAfter(room.changes).filter((one) => one.userId !== KIM));
    expect(await memberships.get(ROOM, [LEE])).toMatchObject([{ userId: LEE, ended: "left" }]);
    expect(await memberships.get(ROOM, [NOBODY])).toStrictEqual([]);
    expect(await memberships.get(ROOM, [])).toStrictEqual([]);
    expect(await memberships.get(NO_ROOM, EVERYBODY)).toStrictEqual([]);
  },

  "get() tells users apart whose ids nearly agree": async (memberships) => {
    const room = history();
    room.creates(OWNER);
    for (const user of ODD_USERS) room.joins(user);
    await applyAll(memberships, room.changes);
    for (const user of ODD_USERS) {
      expect(await memberships.get(ROOM, [user])).toStrictEqual([room.membership(user) as Membership]);
      expect(await memberships.ofUser(user)).toStrictEqual([room.membership(user) as Membership]);
    }
    expect(await memberships.get(ROOM, [userId("Å"), userId("A ")])).toStrictEqual([]);
  },
};
