/** Whether the suites can fail: each is run against adapters that are wrong in one way, and must say so. */
import { describe, expect, test } from "bun:test";
import { createMemoryStore } from "../../adapters/memory/mod.ts";
import type { Directory, DirectoryPosition, Page, RecentPage, RoomLog } from "../../application/mod.ts";
import type { Chatroom, ChatroomId, RoomChange } from "../../domain/mod.ts";
import { compareText, fold, messageOf } from "../../domain/mod.ts";
import { DocumentLog } from "./_document_log.ts";
import {
  AnyDuplicateIsKnownLog,
  BurningLog,
  CountingLog,
  KeysOfAllRoomsLog,
  OverwritingLog,
  TakingBackLog,
  UnboundedLog,
  UnorderedLog,
} from "./_planted_logs.ts";
import type { Case } from "./_setup.ts";
import { directoryCases } from "./directory.ts";
import { recentPageCases } from "./recent_page.ts";
import { roomLogCases } from "./room_log.ts";

/** The names of the cases that an adapter fails. */
async function failing(cases: readonly Case[]): Promise<readonly string[]> {
  const names: string[] = [];
  for (const { name, run } of cases) await run().catch(() => names.push(name));
  return names;
}

describe("testRoomLog()", () => {
  const run = (log: () => RoomLog) => failing(roomLogCases(async () => ({ subject: log() }), { projects: "within" }));

  test("finds nothing in the log from which the planted ones differ", async () => {
    expect(await run(() => new DocumentLog())).toEqual([]);
  });

  test.each([
    [
      CountingLog,
      [
        "append() lets one of many writers at the same head write, and answers stale with the head to the others",
        "append() lets one of many creations of a room be",
        "append() mixes no batches at the same head: one is written, the others leave no trace",
        "append() keeps the log gapless, and each writer's order, among writers that try again",
      ],
    ],
    [
      OverwritingLog,
      [
        "append() lets one of many writers at the same head write, and answers stale with the head to the others",
        "append() keeps the log gapless, and each writer's order, among writers that try again",
      ],
    ],
    [UnorderedLog, ["append() leaves no trace of a known draft, nor of any behind it, and no hole"]],
    [BurningLog, ["append() burns no sequence and no key by refusing"]],
    [
      AnyDuplicateIsKnownLog,
      [
        "append() answers stale with the head where `after` is below it, and writes nothing",
        "append() lets one of many writers at the same head write, and answers stale with the head to the others",
      ],
    ],
    [TakingBackLog, ["append() answers known of the draft that is next behind the written ones"]],
    [KeysOfAllRoomsLog, ["append() takes a key of another room for a new one"]],
    [UnboundedLog, ["append() answers stale with the head where `after` is beyond it, and writes nothing"]],
  ] as const)("catches %p", async (Planted, caughtBy) => {
    const failed = await run(() => new Planted());
    for (const name of caughtBy) expect(failed).toContain(name);
  });
});

describe("testDirectory()", () => {
  type List = (all: readonly Chatroom[], ...asked: Parameters<Directory["list"]>) => readonly Chatroom[];

  /** The cases that a directory fails which lists all rooms rightly, and then makes this of it. */
  const run = (list: List) =>
    failing(
      directoryCases(async () => {
        const { directory } = createMemoryStore();
        return {
          subject: {
            apply: (change) => directory.apply(change),
            get: (id) => directory.get(id),
            byIds: (ids) => directory.byIds(ids),
            list: async (...asked) => list(await directory.list("", null, 10_000), ...asked),
          },
        };
      }),
    );

  const behind = ({ name, id }: Chatroom, after: DirectoryPosition | null): boolean =>
    after === null || (compareText(fold(name), after.name) || compareText(id, after.id)) > 0;
  const right: List = (all, query, after, limit) =>
    all.filter((room) => fold(room.name).includes(query) && behind(room, after)).slice(0, limit);

  test("finds nothing where what is made of it is right", async () => {
    expect(await run(right)).toEqual([]);
  });

  test("catches an order of UTF-16 units", async () => {
    const byUnit: List = (all, query, after, limit) => {
      const ordered = all.toSorted((a, b) =>
        `${fold(a.name)}\u0000${a.id}` < `${fold(b.name)}\u0000${b.id}` ? -1 : 1,
      );
      return right(ordered, query, after, limit);
    };
    expect(await run(byUnit)).toContain("list() orders rooms by folded name, then by id, both by code point");
  });

  test("catches a query whose characters are wildcards", async () => {
    const wild: List = (all, query, after, limit) => {
      const pattern = new RegExp(RegExp.escape(query).replaceAll("_", "."), "u");
      return all.filter((room) => pattern.test(fold(room.name)) && behind(room, after)).slice(0, limit);
    };
    expect(await run(wild)).toContain("list() takes every character of a query for itself");
  });

  test("catches pages that go on behind the name alone", async () => {
    const byName: List = (all, query, after, limit) =>
      right(all, query, null, 10_000)
        .filter(({ name }) => after === null || compareText(fold(name), after.name) > 0)
        .slice(0, limit);
    expect(await run(byName)).toContain("list() hands out pages without double or omission");
  });
});

describe("testRecentPage()", () => {
  /** The cases that a memory of pages fails which replaces and carries on pages like this. */
  const run = (replaces: (kept: Page, page: Page) => boolean, after: (page: Page, change: RoomChange) => Page | null) =>
    failing(
      recentPageCases(async () => {
        const pages = new Map<ChatroomId, Page>();
        const subject: RecentPage = {
          get: async (room) => pages.get(room) ?? null,
          async keep(room, page) {
            const kept = pages.get(room);
            if (!kept || replaces(kept, page)) pages.set(room, page);
          },
          async advance(room, changes) {
            let page = pages.get(room) ?? null;
            for (const change of changes) page = page && after(page, change);
            if (page) pages.set(room, page);
            else pages.delete(room);
          },
        };
        return { subject };
      }),
    );

  const isNewer = (kept: Page, page: Page): boolean => kept.asOf <= page.asOf;
  const append = ({ messages }: Page, change: RoomChange): Page => ({
    messages: change.kind === "message_posted" ? [...messages, messageOf(change)].slice(-100) : messages,
    asOf: change.sequence,
  });
  const next = (page: Page, change: RoomChange): Page | null => {
    if (change.sequence <= page.asOf) return page;
    return change.sequence === page.asOf + 1 ? append(page, change) : null;
  };

  test("finds nothing where both are right", async () => {
    expect(await run(isNewer, next)).toEqual([]);
  });

  test("catches one that goes back", async () => {
    expect(await run(() => true, next)).toContain("keep() leaves a page of a later `asOf`");
  });

  test("catches one that overlooks holes", async () => {
    expect(await run(isNewer, (page, change) => (change.sequence <= page.asOf ? page : append(page, change)))).toEqual(
      expect.arrayContaining([
        "advance() forgets a page that the changes do not follow",
        "advance() forgets a page where the changes have a hole among themselves",
      ]),
    );
  });

  test("catches one that takes over what it holds already", async () => {
    expect(
      await run(isNewer, (page, change) => (change.sequence > page.asOf + 1 ? null : append(page, change))),
    ).toContain("advance() over changes that the page holds already neither doubles them nor goes back");
  });

  test("catches one that grows", async () => {
    const growing = (page: Page, change: RoomChange): Page | null => {
      const after = next(page, change);
      if (after === null || after === page || change.kind !== "message_posted") return after;
      return { ...after, messages: [...page.messages, messageOf(change)] };
    };
    expect(await run(isNewer, growing)).toContain("advance() keeps the newest 100 messages");
  });
});
