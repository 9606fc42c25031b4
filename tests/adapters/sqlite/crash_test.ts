import { expect, test } from "bun:test";
import { openSqliteStore, type SqliteStore } from "../../../adapters/sqlite/mod.ts";
import type { Chatroom, ChatroomId, Membership, RoomChange, UserId } from "../../../domain/mod.ts";
import { chatroomAfter, chatroomId, membersAltered, membershipAfter } from "../../../domain/mod.ts";
import { allOf } from "../../contracts/_room_log_support.ts";
import { startChild } from "./_children.ts";
import { temporaryFolder } from "./_stores.ts";

/**
 * Let a child append until it has been answered so often, and kill it; answers the last sequence of each room that it
 * was told.
 */
async function appendAndCrash(
  folder: string,
  prefix: string,
  answers: number,
): Promise<ReadonlyMap<ChatroomId, number>> {
  const child = startChild([folder, "append", prefix]);
  const acknowledged = new Map<ChatroomId, number>();
  const note = (line: string): void => {
    const [room = "", sequence] = line.split(" ");
    acknowledged.set(chatroomId(room), Number(sequence));
  };
  for (let count = 0; count < answers; count++) note((await child.line()) ?? "");
  await child.crash();
  // What it said before it died was said, although nobody had read it yet.
  for (let line = await child.line(); line !== null; line = await child.line()) note(line);
  expect(acknowledged.size).toBe(4);
  return acknowledged;
}

/** That the rows of a room are what the domain makes of its log. */
async function expectRowsOf(store: SqliteStore, changes: readonly RoomChange[], room: ChatroomId): Promise<void> {
  let chatroom: Chatroom | null = null;
  const members = new Map<UserId, Membership | null>();
  for (const change of changes) {
    chatroom = chatroomAfter(chatroom, change);
    for (const id of membersAltered(change)) members.set(id, membershipAfter(members.get(id) ?? null, id, change));
  }
  expect(await store.directory.get(room)).toEqual(chatroom);
  const rows = await store.memberships.get(room, [...members.keys()]);
  expect(new Map(rows.map((row) => [row.userId, row]))).toEqual(members as Map<UserId, Membership>);
  const active = (await store.memberships.ofChatroom(room, null, 1_000)).length;
  expect(active).toBe(chatroom?.memberCount ?? -1);
}

test("a store whose process is killed has all that was answered, without a hole, and rows that agree with the log", async () => {
  const { folder, remove } = temporaryFolder();
  const acknowledged = new Map<ChatroomId, number>();
  for (const [time, answers] of [40, 150, 400].entries()) {
    for (const [room, last] of await appendAndCrash(folder, `run ${time}, room `.replaceAll(" ", "_"), answers)) {
      acknowledged.set(room, last);
    }
  }
  const store = await openSqliteStore({ folder });
  for (const [room, last] of acknowledged) {
    const changes = await allOf(store.log, room);
    expect(changes.map(({ sequence }) => Number(sequence))).toEqual(changes.map((_, index) => index + 1));
    expect(changes.length).toBeGreaterThanOrEqual(last);
    await expectRowsOf(store, changes, room);
  }
  await store.close();
  remove();
}, 120_000);
