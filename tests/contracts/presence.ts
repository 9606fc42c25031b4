import { expect } from "bun:test";
import type { Presence } from "../../application/mod.ts";
import type { UserId } from "../../domain/mod.ts";
import { compareText, userId } from "../../domain/mod.ts";
import { collect } from "./_awaiting.ts";
import { NO_ROOM, OTHER_ROOM, ROOM } from "./_changes.ts";
import { ODD_USERS } from "./_odd_texts.ts";
import type { Case, Proofs, Setup } from "./_setup.ts";
import { casesOf, register } from "./_setup.ts";

export function presenceCases(setup: Setup<Presence>): readonly Case[] {
  return casesOf(setup, proofs);
}

export function testPresence(setup: Setup<Presence>): void {
  register(presenceCases(setup));
}

const [KIM, LEE] = ["kim", "lee"].map(userId) as [UserId, UserId];

/** Watch who is in a room; `until` resolves once being told led to seeing these users. */
async function watch(presence: Presence) {
  const told = collect<null>();
  const stop = await presence.watch(ROOM, () => told.add(null));
  async function until(users: readonly UserId[]): Promise<void> {
    for (let seen = told.items.length; ; seen++) {
      if (Bun.deepEquals(await presence.here(ROOM), users)) return;
      await told.until(seen + 1);
    }
  }
  return { told, stop, until };
}

const proofs: Proofs<Presence> = {
  "here() answers those who entered and have not left": async (presence) => {
    expect(await presence.here(ROOM)).toEqual([]);
    const leaveKim = await presence.enter(ROOM, KIM);
    expect(await presence.here(ROOM)).toEqual([KIM]);
    const leaveLee = await presence.enter(ROOM, LEE);
    expect(await presence.here(ROOM)).toEqual([KIM, LEE]);
    await leaveKim();
    expect(await presence.here(ROOM)).toEqual([LEE]);
    await leaveLee();
    expect(await presence.here(ROOM)).toEqual([]);
  },

  "here() answers a user of several connections once, until the last has left": async (presence) => {
    const leaves = await Promise.all([KIM, KIM, KIM].map((user) => presence.enter(ROOM, user)));
    for (const leave of leaves) {
      expect(await presence.here(ROOM)).toEqual([KIM]);
      await leave();
    }
    expect(await presence.here(ROOM)).toEqual([]);
  },

  "enter() is undone once, however often that is asked": async (presence) => {
    const leave = await presence.enter(ROOM, KIM);
    const leaveOther = await presence.enter(ROOM, KIM);
    await Promise.all([leave(), leave(), leave()]);
    expect(await presence.here(ROOM)).toEqual([KIM]);
    await leaveOther();
    await leave();
    expect(await presence.here(ROOM)).toEqual([]);
    await presence.enter(ROOM, KIM);
    await leave();
    expect(await presence.here(ROOM)).toEqual([KIM]);
  },

  "here() keeps rooms apart": async (presence) => {
    const leave = await presence.enter(ROOM, KIM);
    await presence.enter(OTHER_ROOM, KIM);
    await presence.enter(OTHER_ROOM, LEE);
    await leave();
    expect(await presence.here(ROOM)).toEqual([]);
    expect(await presence.here(OTHER_ROOM)).toEqual([KIM, LEE]);
    expect(await presence.here(NO_ROOM)).toEqual([]);
  },

  "here() orders users by id, compared by code point, however odd": async (presence) => {
    for (const user of ODD_USERS) await presence.enter(ROOM, user);
    expect(await presence.here(ROOM)).toEqual(ODD_USERS.toSorted(compareText));
  },

  "watch() calls after someone came, and after someone went": async (presence) => {
    const { until } = await watch(presence);
    const leave = await presence.enter(ROOM, KIM);
    await until([KIM]);
    await presence.enter(ROOM, LEE);
    await until([KIM, LEE]);
    await leave();
    await until([LEE]);
  },

  "watch() calls every watcher until its answered function is called": async (presence) => {
    const [leaving, staying] = [await watch(presence), await watch(presence)];
    await presence.enter(ROOM, KIM);
    await leaving.told.until(1);
    await staying.told.until(1);
    leaving.stop();
    leaving.stop();
    const before = leaving.told.items.length;
    await presence.enter(ROOM, LEE);
    await staying.told.until(2);
    expect(leaving.told.items).toHaveLength(before);
  },

  "watch() does not call for another room": async (presence) => {
    const { told } = await watch(presence);
    const other = collect<null>();
    await presence.watch(OTHER_ROOM, () => other.add(null));
    const leave = await presence.enter(OTHER_ROOM, KIM);
    await other.until(1);
    await leave();
    await other.until(2);
    expect(told.items).toEqual([]);
  },
};
