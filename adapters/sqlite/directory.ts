import { and, asc, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Directory, DirectoryPosition } from "../../application/mod.ts";
import type { Chatroom, ChatroomId, RoomChange } from "../../domain/mod.ts";
import type { Tables } from "./_connection.ts";
import type { Reading } from "./_reading.ts";
import { chatroomColumns } from "./_rows.ts";
import type { Writer } from "./_writer.ts";
import { chatrooms } from "./schema.ts";

/** Rooms in the table `chatrooms`, which each append keeps; `apply` is there to make the rows anew. */
export class SqliteDirectory implements Directory {
  readonly #writer: Writer;
  readonly #reading: Reading;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(reading: Reading, writer: Writer) {
    this.#writer = writer;
    this.#statements = prepare(reading.tables);
    this.#reading = reading;
  }

  async apply(change: RoomChange): Promise<void> {
    await this.#writer.write("projectChatroom", change);
  }

  async get(chatroomId: ChatroomId): Promise<Chatroom | null> {
    return this.#reading.run(() => this.#statements.get.get({ chatroomId }) ?? null);
  }

  async byIds(chatroomIds: readonly ChatroomId[]): Promise<readonly Chatroom[]> {
    return this.#reading.run(() => this.#statements.byIds.all({ chatroomIds: JSON.stringify(chatroomIds) }));
  }

  async list(query: string, after: DirectoryPosition | null, limit: number): Promise<readonly Chatroom[]> {
    const page = { name: after?.name ?? "", id: after?.id ?? "", limit };
    if (query === "") return this.#reading.run(() => this.#statements.list.all(page));
    return this.#reading.run(() => this.#statements.search.all({ ...page, query }));
  }
}

function prepare(tables: Tables) {
  const { nameFolded, id, deletedAt } = chatrooms;
  const behind = sql`(${nameFolded}, ${id}) > (${sql.placeholder("name")}, ${sql.placeholder("id")})`;
  const contains = sql`instr(${nameFolded}, ${sql.placeholder("query")}) > 0`;
  const asked = sql`(select value from json_each(${sql.placeholder("chatroomIds")}))`;
  const select = () => tables.select(chatroomColumns).from(chatrooms);
  return {
    get: select()
      .where(eq(id, sql.placeholder("chatroomId")))
      .prepare(),
    byIds: select().where(inArray(id, asked)).prepare(),
    list: select()
      .where(and(isNull(deletedAt), behind))
      .orderBy(asc(nameFolded), asc(id))
      .limit(sql.placeholder("limit"))
      .prepare(),
    // Reads names in their order until enough contain the query: all of them, where few do.
    search: select()
      .where(and(isNull(deletedAt), behind, contains))
      .orderBy(asc(nameFolded), asc(id))
      .limit(sql.placeholder("limit"))
      .prepare(),
  };
}
