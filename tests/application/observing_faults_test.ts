import { describe, expect, test } from "bun:test";
import type { Presence, RecentPage } from "../../application/mod.ts";
import { createChatroom, getChatroom } from "../../application/mod.ts";
import { sequence } from "../../domain/mod.ts";
import type { Node } from "./_chats.ts";
import { altered, BORA, comesOf, elapse, granted, kick, openRoom, passing, post, startNode, watch } from "./_chats.ts";

const away = (): Promise<never> => Promise.reject(new Error("is away"));

/** A node whose broker never answers who wants to hear of the room that `hung` names by then. */
function withHungBroker(): { readonly node: Node; readonly hung: Set<string> } {
  const hung = new Set<string>();
  const node = startNode({}, undefined, undefined, ({ broker }) => ({
    broker: altered(broker, {
      subscribe: (chatroomId, listener) =>
        hung.has(chatroomId) ? new Promise(() => {}) : broker.subscribe(chatroomId, listener),
    }),
  }));
  return { node, hung };
}

describe("observeChatroom()", () => {
  test("goes on in a replay when a read fails", async () => {
    let fails = 0;
    const node = startNode({}, undefined, (log) => ({
      read: (...args) => (fails-- > 0 ? away() : log.read(...args)),
    }));
    const room = await openRoom(node);
    for (const body of ["m1", "m2", "m3"]) await post(node, room, body);
    fails = 1;
    const watching = await watch(node, room, BORA, "memory00.1");
    await passing(node, Promise.race([watching.atLeast(5), watching.ended]));
    expect(watching.sequences()).toEqual([2, 3, 4, 5]);
    expect(node.faults.map(String)).toEqual(["Error: is away"]);
  });

  test("goes on in a replay of a silent room however long its reads lagged", async () => {
    const node = startNode();
    const room = await openRoom(node);
    for (const body of ["m1", "m2", "m3"]) await post(node, room, body);
    const release = node.store.faults.hideBeyond(room, sequence(3));
    const watching = await watch(node, room, BORA, "memory00.2");
    await elapse(node, 20_000);
    expect(watching.sequences()).toEqual([3]);
    release();
    await elapse(node, 1_000);
    expect(watching.sequences()).toEqual([3, 4, 5]);
  });

  test("finds what was not announced, although the broker hangs over another room", async () => {
    const { node, hung } = withHungBroker();
    const room = await openRoom(node);
    const creating = createChatroom(node.chat, { creatorId: BORA, requestId: "another", name: "another" });
    const { id: another } = granted(await passing(node, creating));
    hung.add(another);
    const watches = [await watch(node, another), await watch(node, room)] as const;
    await passing(node, Promise.all(watches.map((one) => one.atLeast(1))));
    node.broker.faults.loseNext(1);
    await post(node, room, "is not announced");
    await elapse(node, 2_000);
    expect(watches[1].sequences()).toEqual([3]);
  });

  test("ends when it is told to, although the broker hangs", async () => {
    const { node, hung } = withHungBroker();
    const room = await openRoom(node);
    hung.add(room);
    const watching = await watch(node, room);
    await passing(node, watching.atLeast(1));
    watching.stop();
    expect(await comesOf(node, watching.ended, 1_000)).toBeUndefined();
  });

  test("goes on while presence is away, whatever whoever is told of that answers", async () => {
    const presence: Presence = { enter: away, here: away, watch: away };
    const node = startNode({}, undefined, undefined, () => ({ presence, onFault: () => "told" }));
    const room = await openRoom(node);
    const watching = await watch(node, room);
    await post(node, room, "hi");
    await passing(node, Promise.race([watching.atLeast(2), watching.ended]));
    expect(watching.sequences()).toEqual([3]);
  });

  test("tells how it ended although presence cannot be left", async () => {
    const node = startNode({}, undefined, undefined, ({ presence }) => ({
      presence: altered(presence, { enter: async () => away }),
    }));
    const room = await openRoom(node);
    const watching = await watch(node, room);
    await passing(node, watching.atLeast(1));
    await kick(node, room, BORA);
    const end = { code: "MEMBERSHIP_ENDED", reason: "kicked", sequence: 3 };
    expect<unknown>(await passing(node, watching.ended)).toEqual(end);
    expect(node.faults.map(String)).toEqual(["Error: is away"]);
  });
});

describe("getChatroom()", () => {
  test("reads from the log while the pages at hand are away", async () => {
    const recentPage: RecentPage = { get: away, keep: away, advance: away };
    const node = startNode({}, undefined, undefined, () => ({ recentPage }));
    const room = await openRoom(node);
    await post(node, room, "hi");
    const reading = passing(node, getChatroom(node.chat, { readerId: BORA, chatroomId: room }));
    const { messages, asOf } = granted(await reading);
    expect<unknown>([messages.map(({ body }) => body), asOf]).toEqual([["hi"], "memory00.3"]);
  });
});
