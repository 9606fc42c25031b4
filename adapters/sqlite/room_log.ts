import { and, asc, desc, eq, gt, inArray, sql } from "drizzle-orm";
import type { Appended, RoomLog } from "../../application/mod.ts";
import type { ChangeKey, ChatroomId, Epoch, RoomChange, RoomChangeDraft, Sequence } from "../../domain/mod.ts";
import { next, placed, sequence } from "../../domain/mod.ts";
import type { Tables } from "./_connection.ts";
import type { Reading } from "./_reading.ts";
import { changeColumns, changeOf, draftRow } from "./_rows.ts";
import type { Writer } from "./_writer.ts";
import { changes } from "./schema.ts";

/**
 * The log in the table `changes`. A draft whose key stands stops its append as the port says: what is before it stays
 * written. Rooms and memberships are written in the same transaction, so nothing is ever pending.
 */
export class SqliteRoomLog implements RoomLog {
  readonly #writer: Writer;
  readonly #epoch: Epoch;
  readonly #reading: Reading;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(reading: Reading, writer: Writer, epoch: Epoch) {
    this.#writer = writer;
    this.#epoch = epoch;
    this.#statements = prepare(reading.tables);
    this.#reading = reading;
  }

  async epoch(): Promise<Epoch> {
    return this.#epoch;
  }

  async append(chatroomId: ChatroomId, after: Sequence, drafts: readonly RoomChangeDraft[]): Promise<Appended> {
    const { count, refused } = await this.#writer.write("append", chatroomId, after, drafts.map(draftRow));
    const written = drafts.slice(0, count);
    return { written: written.map((draft, index) => placed(draft, chatroomId, sequence(after + index + 1))), refused };
  }

  async read(chatroomId: ChatroomId, after: Sequence, limit: number): Promise<readonly RoomChange[]> {
    return this.#reading.run(() => this.#statements.read.all({ chatroomId, after, limit }).map(changeOf));
  }

  async head(chatroomId: ChatroomId): Promise<RoomChange | null> {
    const row = await this.#reading.run(() => this.#statements.head.get({ chatroomId }));
    return row ? changeOf(row) : null;
  }

  async heads(chatroomIds: readonly ChatroomId[]): Promise<ReadonlyMap<ChatroomId, RoomChange>> {
    const rows = await this.#reading.run(() =>
      this.#statements.heads.all({ chatroomIds: JSON.stringify(chatroomIds) }),
    );
    return new Map(rows.map((row) => [row.chatroomId, changeOf(row)]));
  }

  async byKeys(chatroomId: ChatroomId, keys: readonly ChangeKey[]): Promise<ReadonlyMap<ChangeKey, RoomChange>> {
    const rows = await this.#reading.run(() => this.#statements.byKeys.all({ chatroomId, keys: JSON.stringify(keys) }));
    return new Map(rows.map(({ key, ...row }) => [key, changeOf(row)]));
  }

  async ahead(positions: ReadonlyMap<ChatroomId, Sequence>): Promise<readonly ChatroomId[]> {
    const places = [...positions].map(([chatroomId, position]) => [chatroomId, next(position)]);
    return this.#reading.run(() =>
      this.#statements.ahead.all({ places: JSON.stringify(places) }).map(({ chatroomId }) => chatroomId),
    );
  }

  async pending(): Promise<readonly RoomChange[]> {
    return [];
  }

  async pendingRooms(): Promise<ReadonlyMap<ChatroomId, Sequence>> {
    return new Map();
  }

  async settle(): Promise<void> {}
}

/** Lists of keys come as one JSON text, so that a statement is the same however long they are. */
function prepare(tables: Tables) {
  const ofRoom = eq(changes.chatroomId, sql.placeholder("chatroomId"));
  const place = sql`(${changes.chatroomId}, ${changes.sequence})`;
  const newest = sql`select max(sequence) from changes as newest where newest.chatroom_id = asked.value`;
  const heads = sql`select asked.value, (${newest}) from json_each(${sql.placeholder("chatroomIds")}) as asked`;
  const places = sql`select value ->> 0, value ->> 1 from json_each(${sql.placeholder("places")})`;
  const keys = sql`(select value from json_each(${sql.placeholder("keys")}))`;
  const select = () => tables.select(changeColumns).from(changes);
  return {
    read: select()
      .where(and(ofRoom, gt(changes.sequence, sql.placeholder("after"))))
      .orderBy(asc(changes.sequence))
      .limit(sql.placeholder("limit"))
      .prepare(),
    head: select().where(ofRoom).orderBy(desc(changes.sequence)).limit(1).prepare(),
    heads: select().where(sql`${place} in (${heads})`).prepare(),
    byKeys: tables
      .select()
      .from(changes)
      .where(and(ofRoom, inArray(changes.key, keys)))
      .prepare(),
    ahead: tables
      .select({ chatroomId: changes.chatroomId })
      .from(changes)
      .where(sql`${place} in (${places})`)
      .prepare(),
  };
}
