import type { Database } from "bun:sqlite";
import { eq, lte, sql } from "drizzle-orm";
import type { StoredSession } from "../../application/mod.ts";
import type { SessionId, Timestamp, UserId } from "../../domain/mod.ts";
import { createAppend } from "./_append.ts";
import { type Tables, tablesOf } from "./_connection.ts";
import { createProjections } from "./_projections.ts";
import { placeholdersOf } from "./_statements.ts";
import { sessions, users } from "./schema.ts";

/**
 * All that can be written, by name. The Worker runs each within a transaction. What goes in and what comes out is JSON
 * on its way, so it holds no `undefined`, `Map` or class; and null stands for nothing.
 */
export type Writes = ReturnType<typeof createWrites>;

export function createWrites(connection: Database) {
  const tables = tablesOf(connection);
  const projections = createProjections(tables);
  return {
    ...projections,
    append: createAppend(connection, projections),
    ...createUserWrites(tables),
    ...createSessionWrites(tables),
  };
}

function createUserWrites(tables: Tables) {
  const ofId = eq(users.id, sql.placeholder("userId"));
  const insert = tables
    .insert(users)
    .values(placeholdersOf(users))
    .onConflictDoNothing({ target: users.usernameFolded })
    .returning({ id: users.id })
    .prepare();
  const setPasswordHash = tables
    .update(users)
    .set({ passwordHash: sql`${sql.placeholder("passwordHash")}` })
    .where(ofId)
    .prepare();
  const setDisplayName = tables
    .update(users)
    .set({ displayName: sql`${sql.placeholder("displayName")}` })
    .where(ofId)
    .prepare();
  return {
    /** Answers whether the folded username was free. */
    createUser: (user: typeof users.$inferSelect): boolean => insert.get({ ...user }) !== undefined,
    setPasswordHash: (userId: UserId, passwordHash: string): void => setPasswordHash.run({ userId, passwordHash }),
    setDisplayName: (userId: UserId, displayName: string): void => setDisplayName.run({ userId, displayName }),
  };
}

function createSessionWrites(tables: Tables) {
  const ofId = eq(sessions.id, sql.placeholder("sessionId"));
  const insert = tables.insert(sessions).values(placeholdersOf(sessions)).prepare();
  const setExpiry = tables
    .update(sessions)
    .set({ expiresAt: sql`${sql.placeholder("expiresAt")}` })
    .where(ofId)
    .prepare();
  const remove = tables.delete(sessions).where(ofId).prepare();
  const removeOfUser = tables
    .delete(sessions)
    .where(eq(sessions.userId, sql.placeholder("userId")))
    .prepare();
  const removeExpired = tables
    .delete(sessions)
    .where(lte(sessions.expiresAt, sql.placeholder("now")))
    .prepare();
  return {
    createSession: (session: StoredSession): void => insert.run({ ...session, number: null }),
    setExpiry: (sessionId: SessionId, expiresAt: Timestamp): void => setExpiry.run({ sessionId, expiresAt }),
    deleteSession: (sessionId: SessionId): void => remove.run({ sessionId }),
    deleteSessionsOfUser: (userId: UserId): void => removeOfUser.run({ userId }),
    deleteExpiredSessions: (now: Timestamp): void => removeExpired.run({ now }),
  };
}
