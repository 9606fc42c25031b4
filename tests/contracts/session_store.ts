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
  },

  "ofUser() keeps users of any id apart": async (store) => {
    const sessions = ODD_USERS.map((id, index) => stored(`s${index}`, id));
    await keep(store, ...sessions);
    for (const session of sessions) expect(await store.ofUser(session.userId)).toEqual([session]);
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

  "delete() and deleteOfUser() forget those alone, and again without error": async (store) => {
    const [ann1, ann2, bora] = [stored("s1", "ann"), stored("s2", "ann"), stored("s3", "bora")];
    await keep(store, ann1, ann2, bora);
    for (const _ of ["once", "again"]) await store.delete(ann1.id);
    expect(await store.ofUser(userId("ann"))).toEqual([ann2]);
    for (const _ of ["once", "again"]) await store.deleteOfUser(userId("ann"));
    expect(await store.ofUser(userId("ann"))).toEqual([]);
    expect(await store.get(bora.id)).toEqual(bora);
  },

  "deleteExpired() forgets what expired at or before then": async (store) => {
    const [before, at, after] = [stored("s1", "ann", -1), stored("s2", "ann", 0), stored("s3", "ann", 1)];
    await keep(store, before, at, after);
    await store.deleteExpired(at.expiresAt);
    expect(await store.ofUser(userId("ann"))).toEqual([after]);
  },
};
