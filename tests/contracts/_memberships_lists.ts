import { expect } from "bun:test";
import type { Memberships } from "../../application/mod.ts";
import type { ChatroomId, Membership, UserId } from "../../domain/mod.ts";
import { chatroomId, compareText, userId } from "../../domain/mod.ts";
import { NO_ROOM, OTHER_ROOM, OWNER, ROOM, texts } from "./_changes.ts";
import { fullHistory, history } from "./_history.ts";
import { ODD_USERS } from "./_odd_texts.ts";
import { applyAll } from "./_projection_support.ts";
import type { Proofs } from "./_setup.ts";

const KIM = userId("kim");

/** All pages of so many members of a room, one after another. */
async function pages(memberships: Memberships, limit: number): Promise<readonly Membership[]> {
  const all: Membership[] = [];
  for (;;) {
    const page = await memberships.ofChatroom(ROOM, all.at(-1)?.userId ?? null, limit);
    expect(page.length).toBeLessThanOrEqual(limit);
    all.push(...page);
    if (page.length < limit) return all;
  }
}

/** A room that these users joined. */
async function roomOf(memberships: Memberships, users: readonly UserId[], id: ChatroomId = ROOM) {
  const room = history(id);
  room.creates(OWNER, { capacity: 10_000 });
  for (const user of users) room.joins(user);
  await applyAll(memberships, room.changes);
  return room;
}

const byUser = (all: readonly Membership[]) => all.toSorted((a, b) => compareText(a.userId, b.userId));

export const membershipListProofs: Proofs<Memberships> = {
  "ofUser() answers the memberships that have not ended, by room id, by code point": async (memberships) => {
    const ids = ["b", "B", "a", "A", "_", "-", "0", "aa", "a-", "Z"];
    for (const id of ids) await roomOf(memberships, [KIM], chatroomId(id));
    const found = await memberships.ofUser(KIM);
    expect(found.map((one) => String(one.chatroomId))).toEqual(ids.toSorted(compareText));
    expect(found.every(({ userId, ended }) => userId === KIM && ended === null)).toBe(true);
    expect(await memberships.ofUser(userId("nobody"))).toStrictEqual([]);
  },

  "ofUser() leaves out what has ended, until the user is back": async (memberships) => {
    const [here, there] = [await roomOf(memberships, [KIM], ROOM), await roomOf(memberships, [KIM], OTHER_ROOM)];
    await memberships.apply(here.kicks(OWNER, KIM));
    expect(await memberships.ofUser(KIM)).toStrictEqual([there.membership(KIM) as Membership]);
    await memberships.apply(there.leaves(KIM));
    expect(await memberships.ofUser(KIM)).toStrictEqual([]);
    await memberships.apply(here.joins(KIM));
    expect(await memberships.ofUser(KIM)).toStrictEqual([here.membership(KIM) as Membership]);
  },

  "ofUser() and ofChatroom() still answer for a room that is deleted": async (memberships) => {
    const room = fullHistory();
    await applyAll(memberships, room.changes);
    expect(await memberships.ofUser(KIM)).toStrictEqual([room.membership(KIM) as Membership]);
    const active = byUser(room.memberships()).filter(({ ended }) => ended === null);
    expect(active).toHaveLength(2);
    expect(await memberships.ofChatroom(ROOM, null, 10)).toStrictEqual(active);
  },

  // In the order of UTF-16 units the astral ids come before U+FFFD; by code point, behind.
  "ofChatroom() answers the memberships that have not ended, by user id, by code point": async (memberships) => {
    const room = await roomOf(memberships, ODD_USERS);
    const all = byUser(room.memberships());
    expect(await memberships.ofChatroom(ROOM, null, 1_000)).toStrictEqual(all);
    expect(await memberships.ofChatroom(NO_ROOM, null, 1_000)).toStrictEqual([]);
  },

  "ofChatroom() hands out pages without double or omission": async (memberships) => {
    const room = await roomOf(memberships, ODD_USERS);
    const all = byUser(room.memberships());
    for (const limit of [1, 2, 7, all.length, all.length + 1]) {
      expect(await pages(memberships, limit)).toStrictEqual(all);
    }
  },

  "ofChatroom() goes on behind a user who is no member": async (memberships) => {
    const room = await roomOf(memberships, ["a", "c", "e"].map(userId));
    await memberships.apply(room.kicks(OWNER, userId("c")));
    const behind = async (id: string) =>
      (await memberships.ofChatroom(ROOM, userId(id), 10)).map((one) => String(one.userId));
    expect(await behind("a")).toEqual(["e", "owner"]);
    expect(await behind("c")).toEqual(["e", "owner"]);
    expect(await behind("d")).toEqual(["e", "owner"]);
    expect(await behind("owner")).toEqual([]);
    expect(await behind("zzz")).toEqual([]);
  },

  "ofChatroom() fills a page with others where some memberships have ended": async (memberships) => {
    const users = texts(10).map(userId);
    const room = await roomOf(memberships, users);
    for (const user of users.slice(0, 5)) await memberships.apply(room.leaves(user));
    const active = byUser(room.memberships()).filter(({ ended }) => ended === null);
    expect(await memberships.ofChatroom(ROOM, null, 6)).toStrictEqual(active);
    expect(await memberships.ofChatroom(ROOM, null, 5)).toStrictEqual(active.slice(0, 5));
  },

  "ofChatroom() answers up to 1,000 memberships at once": async (memberships) => {
    const room = await roomOf(memberships, texts(1_003).map(userId));
    const all = byUser(room.memberships());
    expect(await memberships.ofChatroom(ROOM, null, 1_000)).toStrictEqual(all.slice(0, 1_000));
    expect(await pages(memberships, 1_000)).toStrictEqual(all);
  },
};
