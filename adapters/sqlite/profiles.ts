import { inArray, sql } from "drizzle-orm";
import type { Profiles } from "../../application/mod.ts";
import type { Profile, UserId } from "../../domain/mod.ts";
import type { Tables } from "./_connection.ts";
import type { Reading } from "./_reading.ts";
import { users } from "./schema.ts";

/** Names of the accounts in the table `users`. */
export class SqliteProfiles implements Profiles {
  readonly #reading: Reading;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(reading: Reading) {
    this.#statements = prepare(reading.tables);
    this.#reading = reading;
  }

  async byIds(userIds: readonly UserId[]): Promise<readonly Profile[]> {
    return this.#reading.run(() => this.#statements.byIds.all({ userIds: JSON.stringify(userIds) }));
  }
}

function prepare(tables: Tables) {
  const { id, username, displayName } = users;
  const asked = sql`(select value from json_each(${sql.placeholder("userIds")}))`;
  return { byIds: tables.select({ id, username, displayName }).from(users).where(inArray(id, asked)).prepare() };
}
