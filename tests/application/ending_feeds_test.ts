import { describe, expect, test } from "bun:test";
import { deleteChatroom, observeChatroom, whoIsHere } from "../../application/mod.ts";
import type { ChatroomId } from "../../domain/mod.ts";
import type { Node } from "./_chats.ts";
import { ANN, BORA, granted, kick, openRoom, passing, post, postMany, quiet, startNode, watch } from "./_chats.ts";

/** How many subscriptions of a node's broker are open. */
function countSubscriptions({ broker }: Node): () => number {
  const open = new Set<object>();
  const subscribe = broker.subscribe.bind(broker);
  broker.subscribe = async (...args) => {
    const stop = await subscribe(...args);
    const one = {};
    open.add(one);
    return () => {
      open.delete(one);
      stop();
    };
  };
  return () => open.size;
}

/** How many listeners a signal has. */
function countListeners(signal: AbortSignal): () => number {
  let count = 0;
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
  Object.assign(signal, {
    addEventListener(...args: Parameters<typeof add>) {
      count++;
      add(...args);
    },
    removeEventListener(...args: Parameters<typeof remove>) {
      count--;
      remove(...args);
    },
  });
  return () => count;
}

async function observe(node: Node, room: ChatroomId, signal: AbortSignal, lastEventId?: string) {
  const observing = observeChatroom(node.chat, { observerId: BORA, chatroomId: room, lastEventId, signal });
  return granted(await passing(node, observing));
}

async function signalsOf(node: Node, room: ChatroomId, signal: AbortSignal) {
  return granted(await passing(node, whoIsHere(node.chat, { observerId: BORA, chatroomId: room, signal })));
}

describe("an observation", () => {
  test("tells nothing once its signal has aborted, although more is at hand", async () => {
    const node = startNode();
    const room = await openRoom(node);
    await postMany(node, room, 20);
    const stopping = new AbortController();
    const observation = await observe(node, room, stopping.signal, "memory00.0");
    const next = async () => passing(node, observation.next());
    for (const place of ["memory00.0", "memory00.1", "memory00.2"])
      expect<unknown>(await next()).toMatchObject({ value: { place } });
    stopping.abort();
    expect<unknown>(await next()).toEqual({ done: true, value: undefined });
  });

  test("ends when the chat closes, and so does who is here", async () => {
    const node = startNode();
    const room = await openRoom(node);
    const open = countSubscriptions(node);
    const watching = await watch(node, room);
    await passing(node, watching.atLeast(1));
    const signals = await signalsOf(node, room, new AbortController().signal);
    expect<unknown>(await passing(node, signals.next())).toMatchObject({ value: { userIds: [BORA] } });
    await passing(node, node.chat.close());
    expect(await passing(node, watching.ended)).toBeUndefined();
    const last = async (): Promise<unknown> => {
      for (;;) {
        const { done, value } = await signals.next();
        if (done) return value;
      }
    };
    expect(await passing(node, last())).toBeUndefined();
    await quiet();
    expect(open()).toBe(0);
    expect(node.faults).toEqual([]);
  });

  test("leaves nothing behind when whoever asked for it returns, on a signal that outlives it", async () => {
    const node = startNode();
    const room = await openRoom(node);
    const { signal } = new AbortController();
    const [listeners, open] = [countListeners(signal), countSubscriptions(node)];
    for (let index = 0; index < 3; index++) {
      const observation = await observe(node, room, signal);
      await passing(node, observation.next());
      const told = observation.next();
      await post(node, room, "hi");
      expect((await passing(node, told)).done).toBeFalse();
      await passing(node, observation.return(undefined));
      await quiet();
      expect([listeners(), open()]).toEqual([0, 0]);
    }
    const ending = await observe(node, room, signal);
    await passing(node, ending.next());
    await kick(node, room, BORA);
    expect((await passing(node, ending.next())).done).toBeFalse();
    expect<unknown>(await passing(node, ending.next())).toMatchObject({ done: true });
    await quiet();
    expect([listeners(), open()]).toEqual([0, 0]);
  });
});

describe("a feed", () => {
  test("is one for all who follow a room, and closed when the last of them has gone", async () => {
    const node = startNode();
    const room = await openRoom(node);
    const open = countSubscriptions(node);
    for (let again = 0; again < 2; again++) {
      const watches = [await watch(node, room), await watch(node, room, ANN)] as const;
      await passing(node, Promise.all(watches.map((one) => one.atLeast(1))));
      await quiet();
      expect(open()).toBe(1);
      watches[0].stop();
      await passing(node, watches[0].ended);
      await quiet();
      expect(open()).toBe(1);
      const before = node.clock.now();
      const { sequence } = await post(node, room, "for whoever stayed");
      await passing(node, watches[1].atLeast(2));
      expect(watches[1].sequences()).toEqual([sequence]);
      // Announced, not found by comparing.
      expect(node.clock.now() - before).toBeLessThan(1_000);
      watches[1].stop();
      await passing(node, watches[1].ended);
      await quiet();
      expect(open()).toBe(0);
    }
  });

  test("that cannot be opened leaves nothing behind, and the next one opens", async () => {
    let away = false;
    const node = startNode({}, undefined, (log) => ({
      async head(chatroomId) {
        if (away && open() > 0) throw new Error("the log was away");
        return log.head(chatroomId);
      },
    }));
    const open = countSubscriptions(node);
    const room = await openRoom(node);
    away = true;
    const failing = await observe(node, room, new AbortController().signal);
    expect<unknown>(await passing(node, failing.next())).toMatchObject({ value: { event: { kind: "cursor" } } });
    await expect(passing(node, failing.next())).rejects.toThrow("the log was away");
    await quiet();
    expect(open()).toBe(0);
    away = false;
    const watching = await watch(node, room);
    await post(node, room, "hi");
    await passing(node, watching.atLeast(2));
    expect(watching.sequences()).toEqual([3]);
    expect(open()).toBe(1);
  });
});

describe("whoIsHere()", () => {
  test("leaves nothing behind when whoever asked for it returns", async () => {
    const node = startNode();
    const room = await openRoom(node);
    const { signal } = new AbortController();
    const [listeners, open] = [countListeners(signal), countSubscriptions(node)];
    const signals = await signalsOf(node, room, signal);
    await passing(node, signals.next());
    await post(node, room, "hi");
    await quiet();
    expect(open()).toBe(1);
    await passing(node, signals.return(undefined));
    await quiet();
    expect([listeners(), open()]).toEqual([0, 0]);
  });

  test("ends with what ends the membership, or the room", async () => {
    const node = startNode();
    const room = await openRoom(node);
    const [kicked, stays] = [
      await signalsOf(node, room, new AbortController().signal),
      granted(
        await passing(
          node,
          whoIsHere(node.chat, { observerId: ANN, chatroomId: room, signal: new AbortController().signal }),
        ),
      ),
    ];
    for (const signals of [kicked, stays])
      expect<unknown>(await passing(node, signals.next())).toEqual({
        done: false,
        value: { kind: "here", userIds: [] },
      });
    const [end, other] = [kicked.next(), stays.next()];
    await kick(node, room, BORA);
    expect<unknown>(await passing(node, end)).toEqual({
      done: true,
      value: { code: "MEMBERSHIP_ENDED", reason: "kicked", sequence: 3 },
    });
    granted(await passing(node, deleteChatroom(node.chat, { actorId: ANN, chatroomId: room, requestId: null })));
    expect<unknown>(await passing(node, other)).toEqual({
      done: true,
      value: { code: "CHATROOM_DELETED", chatroomId: room },
    });
  });
});
