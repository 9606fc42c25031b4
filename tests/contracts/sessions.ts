import { expect } from "bun:test";
import type { SessionStore, Sessions } from "../../application/mod.ts";
import { sessionId, timestamp, userId } from "../../domain/mod.ts";
import type { Case, Proofs, Setup } from "./_setup.ts";
import { casesOf, register } from "./_setup.ts";

/** Sessions over a store that the suite can look into, and whose rows it can make old. */
export interface SessionsSubject {
  readonly sessions: Sessions;
  readonly store: SessionStore;
}

export function sessionsCases(setup: Setup<SessionsSubject>): readonly Case[] {
  return casesOf(setup, proofs);
}

export function testSessions(setup: Setup<SessionsSubject>): void {
  register(sessionsCases(setup));
}

const ANN = userId("ann");

const proofs: Proofs<SessionsSubject> = {
  "issue() begins a session that its token proves": async ({ sessions, store }) => {
    const before = Date.now();
    const { session, token } = await sessions.issue(ANN);
    expect(session).toMatchObject({ userId: ANN });
    expect(session.createdAt).toBeWithin(before, Date.now() + 1);
    expect(session.expiresAt).toBeGreaterThan(session.createdAt);
    expect(await store.get(session.id)).toEqual(session);
    expect(await sessions.validate(token)).toEqual(session);
    expect(await sessions.list(ANN)).toEqual([session]);
  },

  "issue() makes tokens that cannot be guessed, and keeps none": async ({ sessions, store }) => {
    const issued = await Promise.all(Array.from({ length: 100 }, () => sessions.issue(ANN)));
    expect(new Set(issued.map(({ token }) => token)).size).toBe(100);
    const kept = JSON.stringify(await store.ofUser(ANN));
    for (const { session, token } of issued) {
      // 22 characters of 6 bits each are the first that hold 128 bits.
      expect(token).toMatch(/^[A-Za-z0-9_-]{22,}$/);
      expect(kept).toContain(session.id);
      expect(kept).not.toContain(token);
      expect(session.id).not.toContain(token);
      expect(token).not.toContain(session.id);
    }
  },

  "validate() answers null for what proves nothing": async ({ sessions, store }) => {
    const { session, token } = await sessions.issue(ANN);
    const invented = [
      "",
      "a",
      token.slice(1),
      `${token} `,
      `${token}\0`,
      token.repeat(2),
      token.toUpperCase(),
      session.id,
      "x".repeat(10_000),
      "사랑방".repeat(10_000),
      "\0",
      "\ud800",
      "__proto__",
    ];
    for (const one of invented) expect(await sessions.validate(one)).toBeNull();
    expect(await store.ofUser(ANN)).toHaveLength(1);
  },

  "validate() answers null once the session has expired": async ({ sessions, store }) => {
    const { session, token } = await sessions.issue(ANN);
    await store.setExpiry(session.id, timestamp(Date.now() - 1));
    expect(await sessions.validate(token)).toBeNull();
    expect(await sessions.list(ANN)).toEqual([]);
  },

  "validate() prolongs a session that is used": async ({ sessions, store }) => {
    const { session, token } = await sessions.issue(ANN);
    await store.setExpiry(session.id, timestamp(Date.now() + 60_000));
    const used = await sessions.validate(token);
    expect(used?.expiresAt).toBeGreaterThan(timestamp(Date.now() + 3_600_000));
    expect((await store.get(session.id))?.expiresAt).toBe(used?.expiresAt as typeof session.expiresAt);
    expect(used).toEqual({ ...session, expiresAt: used?.expiresAt as typeof session.expiresAt });
  },

  "validate() does not bring back a session that is revoked while it is prolonged": async ({ sessions, store }) => {
    const { session, token } = await sessions.issue(ANN);
    await store.setExpiry(session.id, timestamp(Date.now() + 60_000));
    await Promise.all([sessions.validate(token), sessions.revoke(session.id), sessions.validate(token)]);
    expect(await sessions.validate(token)).toBeNull();
    expect(await store.get(session.id)).toBeNull();
  },

  "list() answers the sessions of a user that have not expired, newest first": async ({ sessions, store }) => {
    const created = [3, 1, 2].map((began) => ({
      id: sessionId(`s${began}`),
      userId: ANN,
      createdAt: timestamp(began),
      expiresAt: timestamp(Date.now() + 60_000),
    }));
    for (const one of created) await store.create(one);
    await store.create({
      id: sessionId("old"),
      userId: ANN,
      createdAt: timestamp(9),
      expiresAt: timestamp(Date.now() - 1),
    });
    await sessions.issue(userId("bora"));
    expect((await sessions.list(ANN)).map(({ id }) => String(id))).toEqual(["s3", "s2", "s1"]);
  },

  "revoke() ends a session, and again without error": async ({ sessions }) => {
    const [one, other] = [await sessions.issue(ANN), await sessions.issue(ANN)];
    for (const _ of ["once", "again"]) await sessions.revoke(one.session.id);
    await sessions.revoke(sessionId("invented"));
    expect(await sessions.validate(one.token)).toBeNull();
    expect(await sessions.validate(other.token)).toEqual(other.session);
    expect(await sessions.list(ANN)).toEqual([other.session]);
  },

  "revokeAll() ends all sessions of a user, and nobody else's": async ({ sessions }) => {
    const own = await Promise.all(Array.from({ length: 5 }, () => sessions.issue(ANN)));
    const bora = await sessions.issue(userId("bora"));
    for (const _ of ["once", "again"]) await sessions.revokeAll(ANN);
    for (const { token } of own) expect(await sessions.validate(token)).toBeNull();
    expect(await sessions.list(ANN)).toEqual([]);
    expect(await sessions.validate(bora.token)).toEqual(bora.session);
    const { session, token } = await sessions.issue(ANN);
    expect(await sessions.validate(token)).toEqual(session);
  },
};
