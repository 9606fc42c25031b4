import { expect } from "bun:test";
import type { RoomLog } from "../../application/mod.ts";
import type { RoomChange, Sequence } from "../../domain/mod.ts";
import { BEGINNING, changeKey, chatroomId, requestId, sequence, userId } from "../../domain/mod.ts";
import { changesOf, created, NO_ROOM, OTHER_ROOM, OWNER, posted, posts, ROOM, texts } from "./_changes.ts";
import { fullHistory, history } from "./_history.ts";
import { ODD_TEXTS, ODD_USERS } from "./_odd_texts.ts";
import { begin, expectLog, write } from "./_room_log_support.ts";
import type { Proofs } from "./_setup.ts";

/** Two rooms, of 3 changes and of 1. */
async function twoRooms(log: RoomLog): Promise<{ room: readonly RoomChange[]; other: readonly RoomChange[] }> {
  const room = await write(log, 0, [created(), ...posts(["one", "two"])]);
  const other = await write(log, 0, [created()], OTHER_ROOM);
  return { room, other };
}

/** So many rooms that never were. */
const unknownRooms = (count: number) => texts(count, "unknown").map(chatroomId);

export const readProofs: Proofs<RoomLog> = {
  "epoch() answers 8 of `[a-z0-9]`, always the same": async (log) => {
    const epoch = await log.epoch();
    expect(epoch).toMatch(/^[a-z0-9]{8}$/);
    await begin(log);
    expect(await log.epoch()).toBe(epoch);
  },

  "read() answers the changes from `after` + 1 on, in order, at most `limit`": async (log) => {
    const { room } = await twoRooms(log);
    expect(await log.read(ROOM, BEGINNING, 1_000)).toStrictEqual([...room]);
    expect(await log.read(ROOM, BEGINNING, 1)).toStrictEqual(room.slice(0, 1));
    expect(await log.read(ROOM, sequence(1), 1)).toStrictEqual(room.slice(1, 2));
    expect(await log.read(ROOM, sequence(1), 2)).toStrictEqual(room.slice(1));
    expect(await log.read(ROOM, sequence(2), 1_000)).toStrictEqual(room.slice(2));
  },

  "read() answers nothing at the head, beyond it, and for a room that never was": async (log) => {
    await twoRooms(log);
    for (const after of [3, 4, 1_000_000]) expect(await log.read(ROOM, sequence(after), 10)).toStrictEqual([]);
    expect(await log.read(NO_ROOM, BEGINNING, 10)).toStrictEqual([]);
  },

  "read() answers up to 1,000 changes at once": async (log) => {
    const drafts = [created(), ...posts(texts(1_004))];
    for (let after = 0; after < drafts.length; after += 201) await write(log, after, drafts.slice(after, after + 201));
    const changes = changesOf(drafts);
    expect(await log.read(ROOM, BEGINNING, 1_000)).toStrictEqual(changes.slice(0, 1_000));
    expect(await log.read(ROOM, sequence(999), 1_000)).toStrictEqual(changes.slice(999));
    await expectLog(log, changes);
  },

  "read() gives back every kind of change as it was written": async (log) => {
    const { drafts, changes } = fullHistory();
    await write(log, 0, drafts);
    await expectLog(log, changes);
    for (const change of changes) {
      expect(await log.read(ROOM, sequence(change.sequence - 1), 1)).toStrictEqual([change]);
    }
  },

  "read() gives back every text as it was written": async (log) => {
    const room = history();
    room.creates(OWNER);
    for (const body of ODD_TEXTS) room.posts(OWNER, body);
    for (const text of ODD_TEXTS.filter(({ length }) => length <= 80)) {
      room.does(OWNER, { kind: "update_chatroom", name: `${text}.`, topic: text });
    }
    await write(log, 0, room.drafts);
    await expectLog(log, room.changes);
  },

  "read() gives back every user id as it was written": async (log) => {
    const room = history();
    const [owner, ...others] = ODD_USERS;
    room.creates(owner as (typeof ODD_USERS)[number]);
    for (const user of others) {
      room.joins(user);
      room.posts(user, "here");
    }
    await write(log, 0, room.drafts);
    await expectLog(log, room.changes);
  },

  "head() answers null for a room that never was": async (log) => {
    await begin(log);
    expect(await log.head(NO_ROOM)).toBeNull();
  },

  "head() holds every append that was answered before": async (log) => {
    let [head] = await write(log, 0, [created()]);
    for (let after = 1; after <= 20; after++) {
      expect(await log.head(ROOM)).toStrictEqual(head as RoomChange);
      [head] = await write(log, after, [posted(`${after}`, { after: head as RoomChange })]);
    }
    expect(await log.head(ROOM)).toStrictEqual(head as RoomChange);
  },

  "heads() answers the newest change of each room, and leaves out those that never were": async (log) => {
    const { room, other } = await twoRooms(log);
    expect(new Map(await log.heads([]))).toStrictEqual(new Map());
    expect(new Map(await log.heads([NO_ROOM]))).toStrictEqual(new Map());
    const asked = [...unknownRooms(998), OTHER_ROOM, ROOM];
    expect(new Map(await log.heads(asked))).toStrictEqual(
      new Map([
        [ROOM, room[2] as RoomChange],
        [OTHER_ROOM, other[0] as RoomChange],
      ]),
    );
    expect([...(await log.heads([ROOM])).keys()]).toEqual([ROOM]);
  },

  "byKeys() answers the changes of the room that carry the keys, and leaves out the others": async (log) => {
    const draft = posted("one", { by: userId("kim"), requestId: requestId("mine") });
    const [, change] = await write(log, 0, [created(), draft]);
    await write(log, 0, [created(), posted("there", { by: userId("lee"), requestId: requestId("mine") })], OTHER_ROOM);
    const others = texts(997, "r").map((text) => changeKey(requestId(text.replace(" ", "-")), OWNER));
    const elsewhere = changeKey(requestId("mine"), userId("lee"));
    const similar = changeKey(requestId("MINE"), userId("kim"));
    const found = await log.byKeys(ROOM, [...others, elsewhere, similar, draft.key]);
    expect(new Map(found)).toStrictEqual(new Map([[draft.key, change as RoomChange]]));
    expect(new Map(await log.byKeys(ROOM, []))).toStrictEqual(new Map());
    expect(new Map(await log.byKeys(NO_ROOM, [draft.key]))).toStrictEqual(new Map());
  },

  "byKeys() holds every append that was answered before": async (log) => {
    let head = await begin(log);
    for (let after = 1; after <= 20; after++) {
      const draft = posted(`${after}`, { after: head });
      [head] = (await write(log, after, [draft])) as [RoomChange];
      expect(new Map(await log.byKeys(ROOM, [draft.key]))).toStrictEqual(new Map([[draft.key, head]]));
    }
  },

  "ahead() answers the rooms whose log has the sequence next to the position": async (log) => {
    await twoRooms(log);
    const ahead = async (...positions: readonly (readonly [typeof ROOM, number])[]) => {
      const map = new Map(positions.map(([room, at]): [typeof ROOM, Sequence] => [room, sequence(at)]));
      return [...(await log.ahead(map))].sort();
    };
    expect(await ahead()).toEqual([]);
    for (const position of [0, 1, 2]) expect(await ahead([ROOM, position])).toEqual([ROOM]);
    for (const position of [3, 4, 100]) expect(await ahead([ROOM, position])).toEqual([]);
    expect(await ahead([NO_ROOM, 0])).toEqual([]);
    expect(await ahead([ROOM, 2], [OTHER_ROOM, 0])).toEqual([ROOM, OTHER_ROOM].sort());
    expect(await ahead([ROOM, 2], [OTHER_ROOM, 1])).toEqual([ROOM]);
    const many = unknownRooms(998).map((room) => [room, 0] as const);
    expect(await ahead(...many, [ROOM, 2], [OTHER_ROOM, 1])).toEqual([ROOM]);
  },
};
