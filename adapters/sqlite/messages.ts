import { and, asc, between, eq, inArray, sql } from "drizzle-orm";
import type { Messages } from "../../application/mod.ts";
import type { ChatroomId, Message, MessageId } from "../../domain/mod.ts";
import type { Tables } from "./_connection.ts";
import type { Reading } from "./_reading.ts";
import { changeColumns, messagesOf } from "./_rows.ts";
import { changes } from "./schema.ts";

/** Messages, read from the changes that posted them. */
export class SqliteMessages implements Messages {
  readonly #reading: Reading;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(reading: Reading) {
    this.#statements = prepare(reading.tables);
    this.#reading = reading;
  }

  async byOrdinal(chatroomId: ChatroomId, from: number, to: number): Promise<readonly Message[]> {
    return this.#reading.run(() => messagesOf(this.#statements.byOrdinal.all({ chatroomId, from, to })));
  }

  async byIds(chatroomId: ChatroomId, messageIds: readonly MessageId[]): Promise<readonly Message[]> {
    return this.#reading.run(() =>
      messagesOf(this.#statements.byIds.all({ chatroomId, messageIds: JSON.stringify(messageIds) })),
    );
  }
}

function prepare(tables: Tables) {
  const ofRoom = eq(changes.chatroomId, sql.placeholder("chatroomId"));
  // Said as the index says it, so that SQLite knows the index to be whole for this.
  const posted = sql`kind = 'message_posted'`;
  const range = between(changes.ordinal, sql.placeholder("from"), sql.placeholder("to"));
  const asked = sql`(select value from json_each(${sql.placeholder("messageIds")}))`;
  const select = () => tables.select(changeColumns).from(changes);
  return {
    byOrdinal: select()
      .where(and(ofRoom, posted, range))
      .orderBy(asc(changes.ordinal))
      .prepare(),
    byIds: select()
      .where(and(ofRoom, inArray(changes.sequence, asked)))
      .prepare(),
  };
}
