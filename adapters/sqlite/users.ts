import { eq, sql } from "drizzle-orm";
import type { Account, Users } from "../../application/mod.ts";
import type { Result, User, UserId, UsernameTaken } from "../../domain/mod.ts";
import { accepted, foldUsername, refused } from "../../domain/mod.ts";
import type { Tables } from "./_connection.ts";
import type { Reading } from "./_reading.ts";
import type { Writer } from "./_writer.ts";
import { users } from "./schema.ts";

/** Accounts in the table `users`. */
export class SqliteUsers implements Users {
  readonly #writer: Writer;
  readonly #reading: Reading;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(reading: Reading, writer: Writer) {
    this.#writer = writer;
    this.#statements = prepare(reading.tables);
    this.#reading = reading;
  }

  async create({ user, passwordHash }: Account): Promise<Result<User, UsernameTaken>> {
    const { id, username, displayName, createdAt } = user;
    const usernameFolded = foldUsername(username);
    const row = { id, username, usernameFolded, displayName, passwordHash, createdAt };
    const created = await this.#writer.write("createUser", row);
    return created ? accepted(user) : refused({ code: "USERNAME_TAKEN", username });
  }

  async byUsername(folded: string): Promise<Account | null> {
    return this.#reading.run(() => accountOf(this.#statements.byUsername.get({ folded })));
  }

  async byId(userId: UserId): Promise<Account | null> {
    return this.#reading.run(() => accountOf(this.#statements.byId.get({ userId })));
  }

  async setPasswordHash(userId: UserId, passwordHash: string): Promise<void> {
    await this.#writer.write("setPasswordHash", userId, passwordHash);
  }

  async setDisplayName(userId: UserId, displayName: string): Promise<void> {
    await this.#writer.write("setDisplayName", userId, displayName);
  }
}

function accountOf(row: typeof users.$inferSelect | undefined): Account | null {
  if (row === undefined) return null;
  const { passwordHash, usernameFolded: _, ...user } = row;
  return { user, passwordHash };
}

function prepare(tables: Tables) {
  const select = () => tables.select().from(users);
  return {
    byUsername: select()
      .where(eq(users.usernameFolded, sql.placeholder("folded")))
      .prepare(),
    byId: select()
      .where(eq(users.id, sql.placeholder("userId")))
      .prepare(),
  };
}
