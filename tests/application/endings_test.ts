import { describe, expect, test } from "bun:test";
import type { Presence, RoomLog, Signals } from "../../application/mod.ts";
import { deleteChatroom, whoIsHere } from "../../application/mod.ts";
import type { ChatroomId } from "../../domain/mod.ts";
import type { Node } from "./_chats.ts";
import {
  ANN,
  altered,
  BORA,
  comesOf,
  elapse,
  granted,
  join,
  kick,
  openRoom,
  passing,
  post,
  quiet,
  startNode,
  watch,
} from "./_chats.ts";

const away = (): Promise<never> => Promise.reject(new Error("is away"));

/** Lets a log never show the change at a place. */
const lacking = (place: number) => (log: RoomLog) => ({
  read: async (...args: Parameters<RoomLog["read"]>) =>
    (await log.read(...args)).filter((change) => change.sequence !== place),
});

const kicked = (sequence: number): unknown => ({ code: "MEMBERSHIP_ENDED", reason: "kicked", sequence });

/** That nobody is here, and more may come. */
const nobody = { done: false, value: { kind: "here", userIds: [] } };

async function signalsOf(node: Node, chatroomId: ChatroomId, observerId = BORA): Promise<Signals> {
  const { signal } = new AbortController();
  return granted(await passing(node, whoIsHere(node.chat, { observerId, chatroomId, signal })));
}

async function toTheEnd(signals: Signals): Promise<unknown> {
  for (;;) {
    const { done, value } = await signals.next();
    if (done) return value;
  }
}

/** A node that counts who listens to its broker. */
function counting(wrap?: (log: RoomLog) => Partial<RoomLog>, presence: Partial<Presence> = {}) {
  const counts = { listeners: 0 };
  const node = startNode({}, undefined, wrap, (own) => ({
    presence: altered(own.presence, presence),
    broker: altered(own.broker, {
      async subscribe(chatroomId, listener) {
        const stop = await own.broker.subscribe(chatroomId, listener);
        counts.listeners++;
        return () => {
          counts.listeners--;
          stop();
        };
      },
    }),
  }));
  return { node, counts };
}

describe("observeChatroom()", () => {
  test("is not ended by an ending that the membership it was judged by has behind it", async () => {
    const base = startNode();
    const room = await openRoom(base);
    let armed = true;
    const node = startNode({}, base, (log) => ({
      async head(chatroomId) {
        const head = await log.head(chatroomId);
        // Rows are read behind the head: by then they tell of a membership that is newer.
        if (armed) {
          armed = false;
          await kick(base, room, BORA);
          await join(base, room, BORA);
        }
        return head;
      },
    }));
    const watching = await watch(node, room);
    await passing(node, Promise.race([watching.atLeast(3), watching.ended]));
    await post(base, room, "hi");
    await passing(node, Promise.race([watching.atLeast(4), watching.ended]));
    expect(watching.sequences()).toEqual([3, 4, 5]);
  });

  test("is judged anew behind a hole, in which the membership may have ended", async () => {
    const node = startNode({}, undefined, lacking(3));
    const room = await openRoom(node);
    const watching = await watch(node, room);
    await passing(node, watching.atLeast(1));
    node.broker.faults.loseNext(1);
    await kick(node, room, BORA);
    await post(node, room, "not for Bora");
    expect<unknown>(await passing(node, watching.ended)).toEqual(kicked(3));
    expect(watching.told.map(({ event }) => event.kind)).toEqual(["cursor"]);
  });

  test("tells nothing once its signal aborted, and ends at once, also where it waits for a hole to fill", async () => {
    const node = startNode({}, undefined, lacking(3));
    const room = await openRoom(node);
    for (const body of ["m1", "m2"]) await post(node, room, body);
    const watching = await watch(node, room, BORA, "memory00.2");
    await passing(node, watching.atLeast(1));
    await elapse(node, 500);
    watching.stop();
    expect(await comesOf(node, watching.ended, 500)).toBeUndefined();
    await elapse(node, 5_000);
    expect(watching.told.map(({ event }) => event.kind)).toEqual(["cursor"]);
  });
});

describe("whoIsHere()", () => {
  test("ends as an observation does, with the membership or the room", async () => {
    const { node, counts } = counting();
    const room = await openRoom(node);
    const boras = await signalsOf(node, room);
    const anns = await signalsOf(node, room, ANN);
    for (const signals of [boras, anns]) expect<unknown>(await passing(node, signals.next())).toEqual(nobody);
    await kick(node, room, BORA);
    expect<unknown>(await passing(node, boras.next())).toEqual({ done: true, value: kicked(3) });
    granted(await passing(node, deleteChatroom(node.chat, { actorId: ANN, chatroomId: room, requestId: null })));
    const deleted = { code: "CHATROOM_DELETED", chatroomId: room };
    expect<unknown>(await passing(node, anns.next())).toEqual({ done: true, value: deleted });
    await quiet();
    expect(counts.listeners).toBe(0);
  });

  test("is judged anew behind a hole, in which the membership may have ended", async () => {
    const { node } = counting(lacking(3));
    const room = await openRoom(node);
    const signals = await signalsOf(node, room);
    expect<unknown>(await passing(node, signals.next())).toEqual(nobody);
    node.broker.faults.loseNext(1);
    await kick(node, room, BORA);
    await post(node, room, "shows the hole");
    expect<unknown>(await passing(node, signals.next())).toEqual({ done: true, value: kicked(3) });
  });

  test("fails where the room cannot be followed, and does not end as if all were well", async () => {
    let isAway = false;
    const { node, counts } = counting((log) => ({ head: (id) => (isAway ? away() : log.head(id)) }));
    const room = await openRoom(node);
    const signals = await signalsOf(node, room);
    isAway = true;
    expect(await passing(node, toTheEnd(signals).catch(String))).toBe("Error: is away");
    await quiet();
    expect(counts.listeners).toBe(0);
  });

  test("leaves nothing behind where presence cannot be watched, and none who stops listening", async () => {
    for (const presence of [{ watch: away }, { here: away }, {}]) {
      const { node, counts } = counting(undefined, presence);
      const room = await openRoom(node);
      const signals = await signalsOf(node, room);
      const first = await passing(node, signals.next().catch(String));
      expect<unknown>(first).toEqual("watch" in presence || "here" in presence ? "Error: is away" : nobody);
      await passing(node, signals.return(undefined));
      await quiet();
      expect(counts.listeners).toBe(0);
    }
  });
});
