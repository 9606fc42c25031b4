import { expect } from "bun:test";
import type { RoomLog } from "../../application/mod.ts";
import type { ChatroomId, RoomChange, RoomChangeDraft } from "../../domain/mod.ts";
import { BEGINNING, sequence } from "../../domain/mod.ts";
import { changesOf, created, ROOM } from "./_changes.ts";

/** Everything that a room's log holds, read a page at a time. */
export async function allOf(log: RoomLog, room: ChatroomId = ROOM): Promise<readonly RoomChange[]> {
  const all: RoomChange[] = [];
  for (;;) {
    const page = await log.read(room, sequence(all.at(-1)?.sequence ?? 0), 1_000);
    all.push(...page);
    if (page.length < 1_000) return all;
  }
}

/** Append what must be written whole. */
export async function write(
  log: RoomLog,
  after: number,
  drafts: readonly RoomChangeDraft[],
  room: ChatroomId = ROOM,
): Promise<readonly RoomChange[]> {
  const { written, refused } = await log.append(room, sequence(after), drafts);
  expect(refused).toBeNull();
  expect(written).toStrictEqual(changesOf(drafts, after, room));
  return written;
}

/** Begin a room; its head is 1. */
export async function begin(log: RoomLog, room: ChatroomId = ROOM): Promise<RoomChange> {
  const [first] = await write(log, BEGINNING, [created()], room);
  return first as RoomChange;
}

/** That the log holds exactly these changes, whichever way it is asked. */
export async function expectLog(log: RoomLog, changes: readonly RoomChange[], room: ChatroomId = ROOM): Promise<void> {
  expect(await allOf(log, room)).toStrictEqual([...changes]);
  expect(await log.head(room)).toStrictEqual(changes.at(-1) ?? null);
}

/** That the log is 1, 2, 3 … `length`, no key twice; answers it. */
export async function expectGapless(
  log: RoomLog,
  length: number,
  room: ChatroomId = ROOM,
): Promise<readonly RoomChange[]> {
  const all = await allOf(log, room);
  expect(all.map(({ sequence }) => Number(sequence))).toEqual(Array.from({ length }, (_, index) => index + 1));
  expect(await log.head(room)).toStrictEqual(all.at(-1) ?? null);
  return all;
}

/** That none of these drafts is in the log, by its key. */
export async function expectNoTrace(
  log: RoomLog,
  drafts: readonly RoomChangeDraft[],
  room: ChatroomId = ROOM,
): Promise<void> {
  const found = await log.byKeys(
    room,
    drafts.map(({ key }) => key),
  );
  expect(new Map(found)).toStrictEqual(new Map());
}
