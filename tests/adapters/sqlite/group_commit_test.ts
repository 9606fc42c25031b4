import { describe, expect, test } from "bun:test";
import type { SqliteStore } from "../../../adapters/sqlite/mod.ts";
import type { ChatroomId, RoomChangeDraft, User } from "../../../domain/mod.ts";
import { chatroomId, sequence, sessionId, timestamp, userId } from "../../../domain/mod.ts";
import { AT, created, posted, posts, ROOM, texts } from "../../contracts/_changes.ts";
import { begin, expectGapless, expectLog, expectNoTrace, write } from "../../contracts/_room_log_support.ts";
import { withStore } from "./_stores.ts";

const rooms = (count: number): readonly ChatroomId[] => texts(count, "room").map(chatroomId);

function userCalled(username: string): User {
  return { id: userId(`id of ${username}`), username, displayName: username, createdAt: timestamp(AT) };
}

/** Append drafts one by one, all asked for at once. */
function appendEach({ log }: SqliteStore, room: ChatroomId, after: number, drafts: readonly RoomChangeDraft[]) {
  return Promise.all(drafts.map((draft, index) => log.append(room, sequence(after + index), [draft])));
}

describe("writes of a SqliteStore", () => {
  test("asked for at once are one transaction, of whatever rooms and kinds", async () => {
    await withStore(async (store) => {
      await Promise.all([
        ...rooms(50).map((room) => store.log.append(room, sequence(0), [created(), posted()])),
        store.users.create({ user: userCalled("kim"), passwordHash: "hash" }),
      ]);
      expect(store.commits).toBe(1);
      for (const room of rooms(50)) await expectGapless(store.log, 2, room);
      await begin(store.log);
      expect(store.commits).toBe(2);
    });
  });

  test("asked for while others are written are gathered", async () => {
    await withStore(async (store) => {
      // Each is asked for in a turn of its own, far faster than a disk writes.
      const answers: Promise<unknown>[] = [];
      for (const room of rooms(200)) {
        answers.push(store.log.append(room, sequence(0), [created()]));
        await new Promise((resolve) => setImmediate(resolve));
      }
      await Promise.all(answers);
      expect(store.commits).toBeLessThan(200);
    });
  });

  test("keep the order in which they are asked for", async () => {
    await withStore(async (store) => {
      await begin(store.log);
      const answers = await appendEach(store, ROOM, 1, posts(texts(200)));
      for (const { refused } of answers) expect(refused).toBeNull();
      await expectGapless(store.log, 201);
      expect(store.commits).toBe(2);
    });
  });

  test("that are refused leave nothing while those of the same transaction stand", async () => {
    await withStore(async (store) => {
      const { log, users } = store;
      await write(log, 0, [created(), ...posts(["one"])]);
      const [stale, again] = [posts(["late", "later"]), posted("two", { after: { ordinal: 1, memberCount: 1 } })];
      const user = userCalled("kim");
      const commits = store.commits;
      const answers = await Promise.all([
        log.append(ROOM, sequence(2), [again]),
        log.append(ROOM, sequence(1), stale),
        log.append(ROOM, sequence(3), [again]),
        users.create({ user, passwordHash: "first" }),
        users.create({ user: { ...user, id: userId("another"), username: "KIM" }, passwordHash: "second" }),
        log.append(ROOM, sequence(3), posts(["three"], again)),
      ]);
      expect(store.commits).toBe(commits + 1);
      const change = (await log.head(ROOM)) ?? undefined;
      expect(change?.sequence).toBe(sequence(4));
      expect(answers[1]).toEqual({ written: [], refused: { kind: "stale", head: sequence(3) } });
      expect(answers[2]).toMatchObject({ written: [], refused: { kind: "known", change: { sequence: 3 } } });
      expect(answers[4]).toEqual({ ok: false, error: { code: "USERNAME_TAKEN", username: "KIM" } });
      expect(await users.byId(userId("another"))).toBeNull();
      expect((await users.byUsername("kim"))?.passwordHash).toBe("first");
      await expectNoTrace(log, stale);
      await expectGapless(log, 4);
    });
  });

  test("that fail are undone whole while those of the same transaction stand", async () => {
    await withStore(async (store) => {
      const { log, directory, sessionStore } = store;
      await begin(log);
      // What the table does not take comes second, so that something is there to be undone.
      const broken = { ...posted("two", { after: { ordinal: 1, memberCount: 1 } }), ordinal: "no number" as unknown };
      const session = { id: sessionId("s"), userId: userId("kim"), createdAt: AT, expiresAt: AT };
      const answers = await Promise.allSettled([
        log.append(ROOM, sequence(1), [posted("one"), broken as RoomChangeDraft]),
        sessionStore.create(session),
        sessionStore.create(session),
        log.append(ROOM, sequence(1), [posted("instead")]),
      ]);
      expect(answers.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "rejected", "fulfilled"]);
      expect(String((answers[0] as PromiseRejectedResult).reason)).toContain("could not write");
      expect(store.commits).toBe(2);
      const [, instead] = await expectGapless(log, 2);
      expect(instead).toMatchObject({ body: "instead" });
      expect(await sessionStore.ofUser(session.userId)).toEqual([session]);
      expect((await directory.get(ROOM))?.revision).toBe(sequence(1));
    });
  });

  test("of 500 appends over 10 rooms at once are all written, without a hole", async () => {
    await withStore(async (store) => {
      const all = rooms(10);
      const answers = await Promise.all(
        all.map((room) => appendEach(store, room, 0, [created(), ...posts(texts(49, room))])),
      );
      expect(answers.flat().filter(({ refused }) => refused !== null)).toEqual([]);
      for (const room of all) await expectGapless(store.log, 50, room);
    });
  });
});

describe("a SqliteStore whose disk is full", () => {
  test("answers what does not fit with an error, keeps what was answered, and goes on", async () => {
    await withStore(
      async (store) => {
        const { log } = store;
        const begun = await begin(log);
        const written = [begun];
        let fault: unknown = null;
        while (fault === null) {
          const head = written.at(-1) ?? begun;
          const drafts = posts(texts(20, "x".repeat(3_000)), head);
          try {
            written.push(...(await log.append(ROOM, head.sequence, drafts)).written);
          } catch (thrown) {
            fault = thrown;
            await expectNoTrace(log, drafts);
          }
        }
        expect(String(fault)).toContain("full");
        await expectLog(log, written);
        // Several that do not fit, in one transaction; then one that does, for it needs no page.
        const large = posts(texts(20, "y".repeat(3_000)), written.at(-1));
        const room = chatroomId("another");
        const many = [ROOM, room].map((id) => log.append(id, sequence(id === room ? 0 : written.length), large));
        expect((await Promise.allSettled(many)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
        await expectLog(log, written);
        await expectLog(log, [], room);
        await store.sessionStore.deleteOfUser(userId("nobody"));
      },
      { maxPages: 150 },
    );
  });
});
