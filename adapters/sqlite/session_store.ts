import { desc, eq, getTableColumns, sql } from "drizzle-orm";
import type { SessionStore, StoredSession } from "../../application/mod.ts";
import type { SessionId, Timestamp, UserId } from "../../domain/mod.ts";
import type { Tables } from "./_connection.ts";
import type { Reading } from "./_reading.ts";
import type { Writer } from "./_writer.ts";
import { sessions } from "./schema.ts";

/** Sessions in the table `sessions`. */
export class SqliteSessionStore implements SessionStore {
  readonly #writer: Writer;
  readonly #reading: Reading;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(reading: Reading, writer: Writer) {
    this.#writer = writer;
    this.#statements = prepare(reading.tables);
    this.#reading = reading;
  }

  async create({ id, userId, createdAt, expiresAt }: StoredSession): Promise<void> {
    await this.#writer.write("createSession", { id, userId, createdAt, expiresAt });
  }

  async get(sessionId: SessionId): Promise<StoredSession | null> {
    return this.#reading.run(() => this.#statements.get.get({ sessionId }) ?? null);
  }

  async ofUser(userId: UserId): Promise<readonly StoredSession[]> {
    return this.#reading.run(() => this.#statements.ofUser.all({ userId }));
  }

  async setExpiry(sessionId: SessionId, expiresAt: Timestamp): Promise<void> {
    await this.#writer.write("setExpiry", sessionId, expiresAt);
  }

  async delete(sessionId: SessionId): Promise<void> {
    await this.#writer.write("deleteSession", sessionId);
  }

  async deleteOfUser(userId: UserId): Promise<void> {
    await this.#writer.write("deleteSessionsOfUser", userId);
  }

  async deleteExpired(now: Timestamp): Promise<void> {
    await this.#writer.write("deleteExpiredSessions", now);
  }
}

function prepare(tables: Tables) {
  const { number, ...columns } = getTableColumns(sessions);
  const select = () => tables.select(columns).from(sessions);
  return {
    get: select()
      .where(eq(sessions.id, sql.placeholder("sessionId")))
      .prepare(),
    ofUser: select()
      .where(eq(sessions.userId, sql.placeholder("userId")))
      .orderBy(desc(sessions.createdAt), desc(number))
      .prepare(),
  };
}
