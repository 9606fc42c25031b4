import { describe, expect, test } from "bun:test";
import { createMemoryStore, MemoryRoomChangeBroker, OutcomeUnknown } from "../../adapters/memory/mod.ts";
import type { RoomChange } from "../../domain/mod.ts";
import { BEGINNING, messageId, sequence } from "../../domain/mod.ts";
import { changesOf, created, OTHER_ROOM, OWNER, posts, ROOM, texts } from "../contracts/_changes.ts";
import { expectLog, write } from "../contracts/_room_log_support.ts";

/** Whether a promise is settled once everything that can go on has gone on. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const settle = (): void => {
    settled = true;
  };
  promise.then(settle, settle);
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

const DRAFTS = [created(), ...posts(texts(4))];
const CHANGES = changesOf(DRAFTS);

describe("holdProjections()", () => {
  test("lets apply() wait until released, of one room or of all", async () => {
    const { directory, memberships, faults } = createMemoryStore({ projection: "later" });
    const [here] = CHANGES as [RoomChange];
    const there = { ...here, chatroomId: OTHER_ROOM };
    const releaseHere = faults.holdProjections(ROOM);
    const releaseAll = faults.holdProjections();
    const applied = [directory.apply(here), memberships.apply(here)];
    const elsewhere = directory.apply(there);
    expect(await isSettled(elsewhere)).toBe(false);
    releaseAll();
    await elsewhere;
    for (const one of applied) expect(await isSettled(one)).toBe(false);
    expect(await directory.get(ROOM)).toBeNull();
    expect(await memberships.get(ROOM, [OWNER])).toEqual([]);
    releaseHere();
    releaseHere();
    await Promise.all(applied);
    expect(await directory.get(ROOM)).not.toBeNull();
    expect(await memberships.get(ROOM, [OWNER])).toHaveLength(1);
  });
});

describe("hideNewest() and hideBeyond()", () => {
  async function store() {
    const store = createMemoryStore();
    await write(store.log, 0, DRAFTS);
    return store;
  }

  test.each([
    ["hideNewest", ({ faults }: Awaited<ReturnType<typeof store>>) => faults.hideNewest(ROOM, 2)],
    ["hideBeyond", ({ faults }: Awaited<ReturnType<typeof store>>) => faults.hideBeyond(ROOM, sequence(3))],
  ] as const)("%s() keeps changes from what may lag, and from nothing else, until released", async (_, hide) => {
    const here = await store();
    const { log, messages } = here;
    const release = hide(here);
    expect(await log.read(ROOM, BEGINNING, 10)).toEqual(CHANGES.slice(0, 3));
    expect(await log.heads([ROOM])).toEqual(new Map([[ROOM, CHANGES[2] as RoomChange]]));
    expect(await log.ahead(new Map([[ROOM, sequence(3)]]))).toEqual([]);
    expect(await log.ahead(new Map([[ROOM, sequence(2)]]))).toEqual([ROOM]);
    expect(await messages.byOrdinal(ROOM, 1, 10)).toHaveLength(2);

    expect(await log.head(ROOM)).toEqual(CHANGES[4] as RoomChange);
    expect(
      (
        await log.byKeys(
          ROOM,
          DRAFTS.map(({ key }) => key),
        )
      ).size,
    ).toBe(5);
    expect(await messages.byIds(ROOM, [5].map(messageId))).toHaveLength(1);
    expect(await here.anotherNode().log.read(ROOM, BEGINNING, 10)).toEqual([...CHANGES]);

    release();
    await expectLog(log, CHANGES);
  });

  test("hideNewest() moves on with the log, hideBeyond() does not", async () => {
    const { log, faults } = await store();
    const more = posts(texts(2, "more"), { ordinal: 4, memberCount: 1 });
    const release = faults.hideNewest(ROOM, 2);
    await write(log, 5, more);
    expect(await log.read(ROOM, BEGINNING, 10)).toHaveLength(5);
    const releaseBeyond = faults.hideBeyond(ROOM, sequence(3));
    expect(await log.read(ROOM, BEGINNING, 10)).toHaveLength(3);
    release();
    expect(await log.read(ROOM, BEGINNING, 10)).toHaveLength(3);
    releaseBeyond();
    expect(await log.read(ROOM, BEGINNING, 10)).toHaveLength(7);
    faults.hideNewest(ROOM, 100);
    expect(await log.read(ROOM, BEGINNING, 10)).toEqual([]);
  });
});

describe("loseNextAppend()", () => {
  test.each([
    ["all", 5],
    [2, 2],
    [0, 0],
  ] as const)("writes %p, throws, and writes the rest when released", async (written, length) => {
    const { log, faults } = createMemoryStore();
    const release = faults.loseNextAppend({ written });
    await expect(log.append(ROOM, BEGINNING, DRAFTS)).rejects.toThrow(OutcomeUnknown);
    await expectLog(log, CHANGES.slice(0, length));
    release();
    release();
    await expectLog(log, CHANGES);
  });

  test("writes no rest behind what others wrote meanwhile", async () => {
    const { log, faults } = createMemoryStore();
    const release = faults.loseNextAppend({ written: 1 });
    await expect(log.append(ROOM, BEGINNING, DRAFTS)).rejects.toThrow(OutcomeUnknown);
    const others = await write(log, 1, posts(["quicker"]));
    release();
    await expectLog(log, [CHANGES[0] as RoomChange, ...others]);
  });

  test("spares other rooms, what follows, and all once it was taken back", async () => {
    const { log, faults } = createMemoryStore();
    faults.loseNextAppend({ chatroomId: ROOM, written: 0 });
    await write(log, 0, [created()], OTHER_ROOM);
    await expect(log.append(ROOM, BEGINNING, DRAFTS)).rejects.toThrow(OutcomeUnknown);
    faults.loseNextAppend({ written: 0 })();
    await write(log, 0, DRAFTS);
  });
});

describe("faults of MemoryRoomChangeBroker", () => {
  /** Two who listen; what each is told, in order. */
  async function listeners() {
    const broker = new MemoryRoomChangeBroker();
    const told: (number | "interrupted")[][] = [[], []];
    for (const heard of told) {
      await broker.subscribe(ROOM, {
        announced: ({ sequence }) => heard.push(sequence),
        interrupted: () => heard.push("interrupted"),
      });
    }
    async function publish(...sequences: number[]): Promise<void> {
      broker.publish(
        ROOM,
        sequences.map((sequence) => CHANGES[sequence - 1] as RoomChange),
      );
      await new Promise((resolve) => setImmediate(resolve));
    }
    return { broker, told, publish };
  }

  const both = (...heard: (number | "interrupted")[]) => [heard, heard];

  test("loseNext() lets announcements reach nobody", async () => {
    const { broker, told, publish } = await listeners();
    broker.faults.loseNext(2);
    await publish(1, 2, 3);
    expect(told).toEqual(both(3));
  });

  test("repeatNext() announces twice", async () => {
    const { broker, told, publish } = await listeners();
    broker.faults.repeatNext(1);
    await publish(1, 2);
    expect(told).toEqual(both(1, 1, 2));
  });

  test("holdNext() lets announcements come late, the last one first", async () => {
    const { broker, told, publish } = await listeners();
    const release = broker.faults.holdNext(2);
    await publish(1, 2, 3);
    expect(told).toEqual(both(3));
    release();
    release();
    await publish(4);
    expect(told).toEqual(both(3, 2, 1, 4));
  });

  test("holdNext() released early lets pass what it has not met", async () => {
    const { broker, told, publish } = await listeners();
    broker.faults.holdNext(3)();
    await publish(1);
    expect(told).toEqual(both(1));
  });

  test("goAway() lets nothing through, and interrupts all on return", async () => {
    const { broker, told, publish } = await listeners();
    const comeBack = broker.faults.goAway();
    await publish(1, 2);
    expect(told).toEqual(both());
    comeBack();
    comeBack();
    await publish(3);
    expect(told).toEqual(both("interrupted", 3));
  });
});
