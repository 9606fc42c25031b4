import { expect } from "bun:test";
import type { SessionStore, StoredSession } from "../../application/mod.ts";
import { sessionId, timestamp, userId } from "../../domain/mod.ts";
import { ODD_USERS } from "./_odd_texts.ts";
import type { Case, Proofs, Setup } from "./_setup.ts";
import { casesOf, register } from "./_setup.ts";

export function sessionStoreCases(setup: Setup<SessionStore>): readonly Case[] {
  return casesOf(setup, proofs);
}

export function testSessionStore(setup: Setup<SessionStore>): void {
  register(sessionStoreCases(setup));
}

const START = 1_700_000_000_000;

/** A session that began so many milliseconds after the start and lasts a second. */
function stored(id: string, of: string, began = 0): StoredSession {
  const [createdAt, expiresAt] = [timestamp(START + began), timestamp(START + began + 1_000)];
  return { id: sessionId(id), userId: userId(of), createdAt, expiresAt };
}

async function keep(store: SessionStore, ...sessions: readonly StoredSession[]): Promise<void> {
  for (const session of sessions) await store.create(session);
}

const proofs: Proofs<SessionStore> = {
  "get() answers a session as it was created, expired or not, and null for none": async (store) => {
    const session = stored("s1", "ann");
    await keep(store, session);
    expect(await store.get(session.id)).toEqual(session);
    expect(await store.get(sessionId("S1"))).toBeNull();
  },

  "ofUser() answers the sessions of a user, newest first": async (store) => {
    const [old, newest, middle] = [stored("s1", "ann", 1), stored("s2", "ann", 300), stored("s3", "ann", 20)];
    await keep(store, old, newest, stored("s4", "bora", 2), middle);
    expect(await store.ofUser(userId("ann"))).toEqual([newest, middle, old]);
    expect(await store.ofUser(userId("nobody"))).toEqual([]);
    const later = timestamp(START + 9_000);
    await store.setExpiry(old.id, later);
    expect(await store.ofUser(userId("ann"))).toEqual([newest, middle, { ...old, expiresAt: later }]);
  },

  "ofUser() answers the one that was created last first, also of those of the same millisecond": async (store) => {
    const sessions = ["b", "c", "a"].map((id) => stored(id, "ann"));
    await keep(store, ...sessions);
    expect(await store.ofUser(userId("ann"))).toEqual(sessions.toReversed());
  },

  "create() keeps many that are begun at once": async (store) => {
    const sessions = Array.from({ length: 50 }, (_, index) => stored(`s${index}`, `user${index % 2}`, index));
    await Promise.all(sessions.map((session) => store.create(session)));
    for (const session of sessions) expect(await store.get(session.id)).toEqual(session);
    expect(await store.ofUser(userId("user0"))).toHaveLength(25);
  },

  "ofUser() keeps users of any id apart": async (store) => {
    const sessions = ODD_USERS.map((id, index) => stored(`s${index}`, id));
    await keep(store, ...sessions);
    for (const session of sessions) expect(await store.ofUser(session.userId)).toEqual([session]);
    for (const [index, session] of sessions.entries()) {
      await store.deleteOfUser(session.userId);
      for (const gone of sessions.slice(0, index + 1)) expect(await store.get(gone.id)).toBeNull();
      for (const left of sessions.slice(index + 1)) expect(await store.get(left.id)).toEqual(left);
    }
  },

  "setExpiry() alters when a session expires, of that session alone": async (store) => {
    const [one, other] = [stored("s1", "ann"), stored("s2", "ann")];
    await keep(store, one, other);
    await store.setExpiry(one.id, timestamp(START + 5_000));
    expect(await store.get(one.id)).toEqual({ ...one, expiresAt: timestamp(START + 5_000) });
    expect(await store.get(other.id)).toEqual(other);
    await store.setExpiry(sessionId("none"), timestamp(START));
    expect(await store.get(sessionId("none"))).toBeNull();
  },

  "setExpiry() does not bring back what is deleted at the same time": async (store) => {
    const session = stored("s1", "ann");
    const prolong = () => store.setExpiry(session.id, timestamp(START + 5_000));
    for (const end of [() => store.delete(session.id), () => store.deleteOfUser(session.userId)]) {
      for (const race of [
        [prolong, end],
        [end, prolong],
        [prolong, prolong, end, prolong],
      ]) {
        await keep(store, session);
        await Promise.all(race.map((step) => step()));
        expect(await store.get(session.id)).toBeNull();
      }
    }
  },

  "delete() and deleteOfUser() forget those alone, and again without error": async (store) => {
    const [ann1, ann2, bora] = [stored("s1", "ann"), stored("s2", "ann"), stored("s3", "bora")];
    await keep(store, ann1, ann2, bora);
    for (const _ of ["once", "again"]) await store.delete(ann1.id);
    expect(await store.ofUser(userId("ann"))).toEqual([ann2]);
    for (const _ of ["once", "again"]) await store.deleteOfUser(userId("ann"));
    expect(await store.ofUser(userId("ann"))).toEqual([]);
    expect(await store.get(bora.id)).toEqual(bora);
  },

  "deleteExpired() forgets what expired at or before then, of every user": async (store) => {
    const [before, at, after] = [stored("s1", "ann", -1), stored("s2", "ann", 0), stored("s3", "ann", 1)];
    const ofOther = stored("s4", "bora", -500);
    await keep(store, before, at, after, ofOther);
    await store.deleteExpired(at.expiresAt);
    expect(await store.ofUser(userId("ann"))).toEqual([after]);
    for (const { id } of [before, at, ofOther]) expect(await store.get(id)).toBeNull();
  },
};
