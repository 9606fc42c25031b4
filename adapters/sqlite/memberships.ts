import { and, asc, eq, gt, inArray, isNull, sql } from "drizzle-orm";
import type { Memberships } from "../../application/mod.ts";
import type { ChatroomId, Membership, RoomChange, UserId } from "../../domain/mod.ts";
import type { Tables } from "./_connection.ts";
import type { Reading } from "./_reading.ts";
import type { Writer } from "./_writer.ts";
import { memberships } from "./schema.ts";

/** Memberships in the table `memberships`, which each append keeps; `apply` is there to make the rows anew. */
export class SqliteMemberships implements Memberships {
  readonly #writer: Writer;
  readonly #reading: Reading;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(reading: Reading, writer: Writer) {
    this.#writer = writer;
    this.#statements = prepare(reading.tables);
    this.#reading = reading;
  }

  async apply(change: RoomChange): Promise<void> {
    await this.#writer.write("projectMemberships", change);
  }

  async get(chatroomId: ChatroomId, userIds: readonly UserId[]): Promise<readonly Membership[]> {
    return this.#reading.run(() => this.#statements.get.all({ chatroomId, userIds: JSON.stringify(userIds) }));
  }

  async ofUser(userId: UserId): Promise<readonly Membership[]> {
    return this.#reading.run(() => this.#statements.ofUser.all({ userId }));
  }

  async ofChatroom(chatroomId: ChatroomId, after: UserId | null, limit: number): Promise<readonly Membership[]> {
    return this.#reading.run(() => this.#statements.ofChatroom.all({ chatroomId, after: after ?? "", limit }));
  }
}

function prepare(tables: Tables) {
  const { chatroomId, userId, ended } = memberships;
  const ofRoom = eq(chatroomId, sql.placeholder("chatroomId"));
  const asked = sql`(select value from json_each(${sql.placeholder("userIds")}))`;
  const select = () => tables.select().from(memberships);
  return {
    get: select()
      .where(and(ofRoom, inArray(userId, asked)))
      .prepare(),
    ofUser: select()
      .where(and(eq(userId, sql.placeholder("userId")), isNull(ended)))
      .orderBy(asc(chatroomId))
      .prepare(),
    ofChatroom: select()
      .where(and(ofRoom, isNull(ended), gt(userId, sql.placeholder("after"))))
      .orderBy(asc(userId))
      .limit(sql.placeholder("limit"))
      .prepare(),
  };
}
