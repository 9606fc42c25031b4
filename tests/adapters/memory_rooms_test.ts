import { describe, expect, test } from "bun:test";
import type { MemoryStore, MemoryStoreOptions } from "../../adapters/memory/mod.ts";
import {
  createMemoryStore,
  MemoryPresence,
  MemoryRecentPage,
  MemoryRoomChangeBroker,
} from "../../adapters/memory/mod.ts";
import type { Clock, Page } from "../../application/mod.ts";
import type { ChatroomId } from "../../domain/mod.ts";
import { BEGINNING, chatroomId, sequence, timestamp } from "../../domain/mod.ts";
import { ROOM, texts } from "../contracts/_changes.ts";
import { fullHistory } from "../contracts/_history.ts";
import type { Setup } from "../contracts/_setup.ts";
import { testDirectory } from "../contracts/directory.ts";
import { testMemberships } from "../contracts/memberships.ts";
import { testMessages } from "../contracts/messages.ts";
import { testPresence } from "../contracts/presence.ts";
import { testRecentPage } from "../contracts/recent_page.ts";
import { testRoomChangeBroker } from "../contracts/room_change_broker.ts";
import { testRoomLog } from "../contracts/room_log.ts";

const PROJECTIONS = ["within", "later"] as const;

/** A fresh store for each case, of which the subject is a part. */
function of<T>(options: MemoryStoreOptions, part: (store: MemoryStore) => T): Setup<T> {
  return async () => ({ subject: part(createMemoryStore(options)) });
}

/** A clock that stands until it is set. */
function standingClock() {
  let now = timestamp(1_000_000);
  const clock: Clock = { now: () => now, after: () => () => {} };
  return {
    clock,
    set(milliseconds: number) {
      now = timestamp(milliseconds);
    },
  };
}

for (const projection of PROJECTIONS) {
  describe(`MemoryRoomLog, projecting ${projection}`, () => {
    testRoomLog(
      of({ projection }, ({ log }) => log),
      { projects: projection },
    );
  });
  describe(`MemoryMessages, projecting ${projection}`, () => {
    testMessages(of({ projection }, ({ log, messages }) => ({ log, messages })));
  });
  describe(`MemoryDirectory, projecting ${projection}`, () => {
    testDirectory(of({ projection }, ({ directory }) => directory));
  });
  describe(`MemoryMemberships, projecting ${projection}`, () => {
    testMemberships(of({ projection }, ({ memberships }) => memberships));
  });
}

describe("MemoryRecentPage", () => {
  testRecentPage(async () => ({ subject: new MemoryRecentPage(standingClock().clock) }));

  const page = (asOf: number): Page => ({ messages: [], asOf: sequence(asOf) });

  test("get() answers a page for ten minutes after it was kept, also if it was carried on meanwhile", async () => {
    const { clock, set } = standingClock();
    const recentPage = new MemoryRecentPage(clock);
    const { changes } = fullHistory();
    await recentPage.keep(ROOM, page(1));
    set(1_000_000 + 599_999);
    await recentPage.advance(ROOM, changes.slice(1, 2));
    expect(await recentPage.get(ROOM)).toEqual(page(2));
    set(1_000_000 + 600_000);
    await recentPage.advance(ROOM, changes.slice(2, 3));
    expect(await recentPage.get(ROOM)).toBeNull();
    await recentPage.keep(ROOM, page(1));
    expect(await recentPage.get(ROOM)).toEqual(page(1));
  });

  test("get() answers null once the clock has jumped back behind the keeping", async () => {
    const { clock, set } = standingClock();
    const recentPage = new MemoryRecentPage(clock);
    await recentPage.keep(ROOM, page(1));
    set(0);
    expect(await recentPage.get(ROOM)).toBeNull();
  });

  test("keep() forgets the room that was longest not asked for, beyond so many rooms", async () => {
    const recentPage = new MemoryRecentPage(standingClock().clock, 3);
    const [a, b, c, d] = texts(4).map(chatroomId) as [ChatroomId, ChatroomId, ChatroomId, ChatroomId];
    for (const room of [a, b, c]) await recentPage.keep(room, page(1));
    await recentPage.get(a);
    await recentPage.keep(d, page(1));
    expect(await recentPage.get(b)).toBeNull();
    for (const room of [a, c, d]) expect(await recentPage.get(room)).toEqual(page(1));
  });
});

describe("MemoryRoomChangeBroker", () => {
  testRoomChangeBroker(async () => ({ subject: new MemoryRoomChangeBroker() }));
});

describe("MemoryPresence", () => {
  testPresence(async () => ({ subject: new MemoryPresence() }));
});

describe("createMemoryStore()", () => {
  test("lets rows follow in the same step as the log", async () => {
    const { log, directory, memberships } = createMemoryStore();
    const { drafts, chatroom, memberships: members } = fullHistory();
    await log.append(ROOM, BEGINNING, drafts);
    expect(await directory.get(ROOM)).toEqual(chatroom());
    const ids = members().map(({ userId }) => userId);
    expect(await memberships.get(ROOM, ids)).toEqual([...members()]);
  });

  test("leaves rows as they are where they are to be projected later", async () => {
    const { log, directory, memberships } = createMemoryStore({ projection: "later" });
    const { drafts, changes, chatroom, memberships: members } = fullHistory();
    const ids = members().map(({ userId }) => userId);
    await log.append(ROOM, BEGINNING, drafts);
    expect(await directory.get(ROOM)).toBeNull();
    expect(await memberships.get(ROOM, ids)).toEqual([]);
    for (const change of changes) {
      await directory.apply(change);
      await memberships.apply(change);
    }
    expect(await directory.get(ROOM)).toEqual(chatroom());
    expect(await memberships.get(ROOM, ids)).toEqual([...members()]);
  });

  test("shows another node the same rows", async () => {
    const here = createMemoryStore();
    const there = here.anotherNode();
    const { drafts, changes } = fullHistory();
    await here.log.append(ROOM, BEGINNING, drafts);
    expect(await there.log.read(ROOM, BEGINNING, 1_000)).toEqual([...changes]);
    expect(await there.log.epoch()).toBe(await here.log.epoch());
  });
});
