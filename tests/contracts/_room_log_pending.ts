import { expect } from "bun:test";
import type { RoomLog } from "../../application/mod.ts";
import type { ChatroomId, RoomChange } from "../../domain/mod.ts";
import { BEGINNING, chatroomId, isProjected, sequence } from "../../domain/mod.ts";
import { created, NO_ROOM, OTHER_ROOM, posted, ROOM, texts } from "./_changes.ts";
import { fullHistory } from "./_history.ts";
import { expectLog, write } from "./_room_log_support.ts";
import type { Proofs } from "./_setup.ts";

const END = sequence(1_000);

/** A room that had a bit of everything; what of it is projected. */
async function eventful(log: RoomLog, room: ChatroomId = ROOM) {
  const { drafts, changes } = fullHistory(room);
  await write(log, 0, drafts, room);
  return { changes, projected: changes.filter(isProjected) };
}

/** Of a store that projects while it appends. */
export const projectingWithinProofs: Proofs<RoomLog> = {
  "pending() and pendingRooms() are always empty": async (log) => {
    const { changes } = await eventful(log);
    expect(await log.pending(ROOM, END, 1_000)).toStrictEqual([]);
    expect(new Map(await log.pendingRooms(1_000))).toStrictEqual(new Map());
    await log.settle(ROOM, sequence(changes.length));
    expect(await log.pending(NO_ROOM, END, 1_000)).toStrictEqual([]);
    await expectLog(log, changes);
  },
};

/** Of a store that leaves projecting to its caller. */
export const projectingLaterProofs: Proofs<RoomLog> = {
  "pending() answers what is not yet projected up to `upTo`, in order, at most `limit`": async (log) => {
    const { changes, projected } = await eventful(log);
    expect(await log.pending(ROOM, END, 1_000)).toStrictEqual(projected);
    expect(await log.pending(ROOM, END, 1)).toStrictEqual(projected.slice(0, 1));
    expect(await log.pending(ROOM, END, 5)).toStrictEqual(projected.slice(0, 5));
    expect(await log.pending(ROOM, BEGINNING, 1_000)).toStrictEqual([]);
    for (const { sequence } of changes) {
      expect(await log.pending(ROOM, sequence, 1_000)).toStrictEqual(
        projected.filter((change) => change.sequence <= sequence),
      );
    }
  },

  "pending() is empty where all is projected, only messages were posted, or no room ever was": async (log) => {
    await write(log, 0, [created()]);
    await log.settle(ROOM, sequence(1));
    const [post] = await write(log, 1, [posted()]);
    expect(await log.pending(ROOM, END, 10)).toStrictEqual([]);
    expect(await log.pending(NO_ROOM, END, 10)).toStrictEqual([]);
    expect(new Map(await log.pendingRooms(10))).toStrictEqual(new Map());
    await log.settle(ROOM, (post as RoomChange).sequence);
    expect(await log.pending(ROOM, END, 10)).toStrictEqual([]);
  },

  "settle() notes as projected what is up to `upTo`, and nothing beyond or elsewhere": async (log) => {
    const { changes, projected } = await eventful(log);
    const other = await eventful(log, OTHER_ROOM);
    for (const { sequence } of changes) {
      await log.settle(ROOM, sequence);
      expect(await log.pending(ROOM, END, 1_000)).toStrictEqual(
        projected.filter((change) => change.sequence > sequence),
      );
    }
    expect(await log.pending(OTHER_ROOM, END, 1_000)).toStrictEqual(other.projected);
    await expectLog(log, changes);
  },

  "settle() again, or with a lower `upTo`, alters nothing": async (log) => {
    const { changes, projected } = await eventful(log);
    for (const upTo of [8, 8, 3, 0]) {
      await log.settle(ROOM, sequence(upTo));
      expect(await log.pending(ROOM, END, 1_000)).toStrictEqual(projected.filter(({ sequence }) => sequence > 8));
    }
    await log.settle(NO_ROOM, sequence(3));
    expect(await log.read(NO_ROOM, BEGINNING, 10)).toStrictEqual([]);
    await expectLog(log, changes);
  },

  "append() of what is projected is pending at once, also behind what is settled": async (log) => {
    await write(log, 0, [created()]);
    await log.settle(ROOM, sequence(1));
    const { drafts, changes } = fullHistory(ROOM);
    await write(log, 1, drafts.slice(1, 2));
    expect(await log.pending(ROOM, END, 10)).toStrictEqual(changes.slice(1, 2));
  },

  "pendingRooms() answers rooms with the newest of their changes not yet projected": async (log) => {
    const { projected } = await eventful(log);
    const newest = projected.at(-1) as RoomChange;
    await write(log, 0, [created(), posted()], OTHER_ROOM);
    expect(new Map(await log.pendingRooms(1_000))).toStrictEqual(
      new Map([
        [ROOM, newest.sequence],
        [OTHER_ROOM, sequence(1)],
      ]),
    );
    await log.settle(OTHER_ROOM, sequence(2));
    await log.settle(ROOM, sequence(newest.sequence - 1));
    expect(new Map(await log.pendingRooms(1_000))).toStrictEqual(new Map([[ROOM, newest.sequence]]));
    await log.settle(ROOM, newest.sequence);
    expect(new Map(await log.pendingRooms(1_000))).toStrictEqual(new Map());
  },

  "pendingRooms() answers at most `limit` rooms, and comes to all as they are settled": async (log) => {
    const rooms = texts(12, "room").map(chatroomId);
    await Promise.all(rooms.map((room) => write(log, 0, [created()], room)));
    const found: ChatroomId[] = [];
    while (found.length < rooms.length) {
      const some = await log.pendingRooms(5);
      expect(some.size).toBe(Math.min(5, rooms.length - found.length));
      for (const [room, upTo] of some) {
        found.push(room);
        await log.settle(room, upTo);
      }
    }
    expect(found.toSorted()).toEqual(rooms.toSorted());
  },
};
