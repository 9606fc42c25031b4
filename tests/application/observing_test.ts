import { describe, expect, test } from "bun:test";
import type { RoomLog } from "../../application/mod.ts";
import {
  deleteChatroom,
  getChatroom,
  joinChatroom,
  kickMember,
  leaveChatroom,
  messageHistory,
  observeChatroom,
  whoIsHere,
} from "../../application/mod.ts";
import type { ChatroomId, RoomChange, RoomWindow } from "../../domain/mod.ts";
import { applyChange, parsePlace } from "../../domain/mod.ts";
import type { Node, Watch } from "./_chats.ts";
import { ANN, BORA, CHO, granted, openRoom, passing, post, startNode, watch } from "./_chats.ts";

const asyncStore = { projection: "later" } as const;

async function posts(node: Node, room: ChatroomId, from: number, to: number): Promise<void> {
  for (let index = from; index <= to; index++) await post(node, room, `m${index}`);
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

async function seen(node: Node, watch: Watch, events: number): Promise<readonly number[]> {
  await passing(node, watch.atLeast(events));
  return watch.sequences();
}

describe("observeChatroom()", () => {
  test("tells a cursor first, so that a silent room can be resumed", async () => {
    const node = startNode();
    const room = await openRoom(node);
    const watching = await watch(node, room);
    await passing(node, watching.atLeast(1));
    expect(watching.told).toEqual([{ place: "memory00.2", event: { kind: "cursor" } }] as never);
  });

  test("tells each change once, in order, on every node", async () => {
    const node = startNode(asyncStore);
    const other = startNode({}, node);
    const room = await openRoom(node);
    const watches = [await watch(node, room), await watch(other, room)];
    await posts(node, room, 1, 20);
    await posts(other, room, 21, 40);
    for (const one of watches) expect(await seen(node, one, 41)).toEqual(range(3, 42));
  });

  test("goes on behind any place that is named, from the log or from what is at hand", async () => {
    const node = startNode();
    const room = await openRoom(node);
    const holder = await watch(node, room);
    await posts(node, room, 1, 30);
    await passing(node, holder.atLeast(31));
    for (const place of [0, 1, 17, 31, 32]) {
      const resumed = await watch(node, room, BORA, `memory00.${place}`);
      await post(node, room, "live");
      const head = node.chat.log.head(room).then((change) => change?.sequence ?? 0);
      const last = await passing(node, head);
      expect(await seen(node, resumed, 1 + last - place)).toEqual(range(place + 1, last));
      resumed.stop();
      await passing(node, resumed.ended);
    }
  });

  test("resets whoever names another life of the log, a place ahead of it, or one too far behind", async () => {
    const node = startNode();
    const room = await openRoom(node);
    const resets = { "othrlife.1": "epoch", "memory00.9": "ahead" } as const;
    for (const [place, reason] of Object.entries(resets)) {
      const one = await watch(node, room, BORA, place);
      await passing(node, one.atLeast(1));
      expect<unknown>(one.told).toEqual([{ place: "memory00.2", event: { kind: "reset", reason } }]);
      one.stop();
    }
  });

  test("refuses a place that nobody gave out, and whoever is no member", async () => {
    const node = startNode();
    const room = await openRoom(node);
    const { signal } = new AbortController();
    const forged = observeChatroom(node.chat, { observerId: BORA, chatroomId: room, lastEventId: "7", signal });
    expect<unknown>(await passing(node, forged)).toEqual({
      ok: false,
      error: { code: "PLACE_INVALID", field: "lastEventId" },
    });
    const stranger = observeChatroom(node.chat, { observerId: CHO, chatroomId: room, signal });
    expect<unknown>(await passing(node, stranger)).toEqual({
      ok: false,
      error: { code: "NOT_A_MEMBER", chatroomId: room },
    });
  });

  test("ends with the change that ends the membership, and tells nothing behind it", async () => {
    const node = startNode(asyncStore);
    const room = await openRoom(node);
    const watching = await watch(node, room);
    const kicking = kickMember(node.chat, { actorId: ANN, chatroomId: room, userId: BORA, requestId: null });
    const after = post(node, room, "not for Bora");
    await passing(node, Promise.all([kicking, after]));
    expect(await passing(node, watching.ended)).toEqual({ code: "MEMBERSHIP_ENDED", reason: "kicked", sequence: 3 });
    expect(watching.sequences()).toEqual([3]);
  });

  test("ends for all when the room is deleted", async () => {
    const node = startNode();
    const room = await openRoom(node);
    const watches = [await watch(node, room), await watch(node, room, ANN)];
    granted(await passing(node, deleteChatroom(node.chat, { actorId: ANN, chatroomId: room, requestId: null })));
    for (const { ended } of watches)
      expect(await passing(node, ended)).toEqual({ code: "CHATROOM_DELETED", chatroomId: room });
  });

  test("is not ended by the replay of an ending that is over", async () => {
    const node = startNode(asyncStore);
    const room = await openRoom(node);
    await passing(
      node,
      leaveChatroom(node.chat, { actorId: BORA, chatroomId: room, requestId: null, successorId: null }),
    );
    await passing(node, joinChatroom(node.chat, { actorId: BORA, chatroomId: room, requestId: null }));
    const replayed = await watch(node, room, BORA, "memory00.0");
    await post(node, room, "hi");
    expect(await seen(node, replayed, 6)).toEqual([1, 2, 3, 4, 5]);
  });

  test("judges membership by the log, also while the projection lags", async () => {
    const node = startNode(asyncStore);
    const room = await openRoom(node);
    const release = node.store.faults.holdProjections();
    const kicking = kickMember(node.chat, { actorId: ANN, chatroomId: room, userId: BORA, requestId: null });
    const other = startNode({}, node);
    await post(other, room, "by then the kick stands");
    const { signal } = new AbortController();
    const refused = await passing(node, observeChatroom(other.chat, { observerId: BORA, chatroomId: room, signal }));
    expect<unknown>(refused).toEqual({ ok: false, error: { code: "MEMBERSHIP_ENDED", reason: "kicked", sequence: 3 } });
    release();
    granted(await passing(node, kicking));
  });
});

describe("a snapshot and what is observed from its place", () => {
  test("converge while a projection is held between append and effect", async () => {
    const node = startNode(asyncStore);
    const other = startNode({}, node);
    const room = await openRoom(node);
    await posts(node, room, 1, 3);
    const release = node.store.faults.holdProjections();
    const joining = joinChatroom(node.chat, { actorId: CHO, chatroomId: room, requestId: null });
    await posts(other, room, 4, 5);
    const snapshot = granted(await passing(node, getChatroom(other.chat, { readerId: BORA, chatroomId: room })));
    expect<string>(snapshot.asOf).toBe("memory00.5");
    const watching = await watch(other, room, BORA, snapshot.asOf);
    release();
    granted(await passing(node, joining));
    await posts(node, room, 6, 6);
    await passing(node, watching.atLeast(5));
    const asOf = parsePlace(snapshot.asOf)?.sequence;
    if (asOf === undefined) throw new Error("asOf is a place");
    const window: RoomWindow = { ...snapshot, asOf, size: 50 };
    const changes = watching.told.flatMap(({ event }) => ("sequence" in event ? [event as RoomChange] : []));
    const fresh = granted(
      await passing(node, getChatroom(other.chat, { readerId: BORA, chatroomId: room, atLeast: "memory00.9" })),
    );
    expect<unknown>(changes.reduce(applyChange, window)).toEqual({ ...fresh, asOf: 9, size: 50 });
  });

  test("are taken up by another node when the first one left them pending", async () => {
    const node = startNode(asyncStore);
    const room = await openRoom(node);
    node.store.faults.holdProjections();
    void joinChatroom(node.chat, { actorId: CHO, chatroomId: room, requestId: null });
    const other = startNode({}, node);
    await post(other, room, "the join stands");
    const swept = async () => {
      while ((await other.chat.log.pendingRooms(1)).size > 0) await new Promise((resolve) => setImmediate(resolve));
    };
    await passing(node, swept(), 100);
    expect(await passing(node, other.chat.memberships.get(room, [CHO]))).toMatchObject([{ userId: CHO, ended: null }]);
  });

  test("wait for reads that lag behind what is asked for", async () => {
    const node = startNode();
    const room = await openRoom(node);
    await posts(node, room, 1, 5);
    const release = node.store.faults.hideNewest(room, 2);
    const reading = messageHistory(node.chat, { readerId: BORA, chatroomId: room, limit: 10 });
    setImmediate(release);
    expect(granted(await passing(node, reading)).messages.map(({ body }) => body)).toEqual([
      "m1",
      "m2",
      "m3",
      "m4",
      "m5",
    ]);
    node.store.faults.hideNewest(room, 2);
    const never = messageHistory(node.chat, { readerId: BORA, chatroomId: room, limit: 10 });
    expect<unknown>(await passing(node, never, 100)).toEqual({
      ok: false,
      error: { code: "UNAVAILABLE", outcome: "none" },
    });
  });
});

/** Positions are compared with the log only this often, in milliseconds: what comes sooner came otherwise. */
const COMPARED = 1_000;

describe("a feed", () => {
  test("finds by itself the last announcement that was lost, and any before it", async () => {
    const node = startNode();
    const room = await openRoom(node);
    const watching = await watch(node, room);
    await passing(node, watching.atLeast(1));
    node.broker.faults.loseNext(1);
    await posts(node, room, 1, 1);
    const before = node.clock.now();
    expect(await seen(node, watching, 2)).toEqual([3]);
    expect(node.clock.now() - before).toBeLessThanOrEqual(2_000);
  });

  test("fills a hole as soon as a later change is announced", async () => {
    const node = startNode();
    const room = await openRoom(node);
    const watching = await watch(node, room);
    await passing(node, watching.atLeast(1));
    node.broker.faults.loseNext(2);
    const before = node.clock.now();
    await posts(node, room, 1, 3);
    expect(await seen(node, watching, 4)).toEqual([3, 4, 5]);
    expect(node.clock.now() - before).toBeLessThan(COMPARED);
  });

  test("orders and takes once what is announced late, twice and in disorder", async () => {
    const node = startNode();
    const room = await openRoom(node);
    const watching = await watch(node, room);
    await passing(node, watching.atLeast(1));
    const release = node.broker.faults.holdNext(3);
    node.broker.faults.repeatNext(5);
    await posts(node, room, 1, 8);
    release();
    await posts(node, room, 9, 10);
    expect(await seen(node, watching, 11)).toEqual(range(3, 12));
  });

  test("goes on whole after the broker was away", async () => {
    const node = startNode();
    const room = await openRoom(node);
    const watching = await watch(node, room);
    await passing(node, watching.atLeast(1));
    const back = node.broker.faults.goAway();
    const before = node.clock.now();
    await posts(node, room, 1, 5);
    back();
    expect(await seen(node, watching, 6)).toEqual(range(3, 7));
    expect(node.clock.now() - before).toBeLessThan(COMPARED);
  });

  test("waits for a log that lags behind what was announced", async () => {
    const node = startNode();
    const room = await openRoom(node);
    const watching = await watch(node, room, BORA, "memory00.0");
    await passing(node, watching.atLeast(3));
    node.broker.faults.loseNext(1);
    const release = node.store.faults.hideBeyond(room, 2 as never);
    await posts(node, room, 1, 3);
    expect(watching.sequences()).toEqual([1, 2]);
    release();
    expect(await seen(node, watching, 6)).toEqual(range(1, 5));
  });
});

describe("a hole in the log that does not fill", () => {
  test("is told as a reset, behind which all goes on whole, live and in a replay", async () => {
    const holed = (log: RoomLog) => ({
      read: async (...args: Parameters<RoomLog["read"]>) =>
        (await log.read(...args)).filter((change) => change.sequence !== 4),
    });
    const node = startNode({}, undefined, holed);
    const room = await openRoom(node);
    const live = await watch(node, room);
    await passing(node, live.atLeast(1));
    node.broker.faults.loseNext(2);
    await posts(node, room, 1, 3);
    await passing(node, live.atLeast(4));
    const replayed = await watch(node, room, BORA, "memory00.2");
    await passing(node, replayed.atLeast(4));
    for (const { told } of [live, replayed]) {
      expect(told.map(({ place, event }) => [place, event.kind] as const)).toEqual([
        ["memory00.2", "cursor"],
        ["memory00.3", "message_posted"],
        ["memory00.4", "reset"],
        ["memory00.5", "message_posted"],
      ] as never);
    }
    expect(node.faults).toHaveLength(1);
  });
});

describe("whoIsHere()", () => {
  test("tells who observes, each once, and when that changes", async () => {
    const node = startNode();
    const room = await openRoom(node);
    const stopping = new AbortController();
    const input = { observerId: ANN, chatroomId: room, signal: stopping.signal };
    const signals = granted(await passing(node, whoIsHere(node.chat, input)));
    const told = async () => (await passing(node, signals.next())).value;
    expect<unknown>(await told()).toEqual({ kind: "here", userIds: [] });
    const [first, second] = [await watch(node, room), await watch(node, room)];
    await passing(node, Promise.all([first.atLeast(1), second.atLeast(1)]));
    expect<unknown>(await told()).toEqual({ kind: "here", userIds: [BORA] });
    first.stop();
    second.stop();
    expect<unknown>(await told()).toEqual({ kind: "here", userIds: [] });
    stopping.abort();
    expect<unknown>(await passing(node, signals.next())).toEqual({ done: true, value: undefined });
  });
});
