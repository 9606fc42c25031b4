import { describe, expect, spyOn, test } from "bun:test";
import type { RoomLog } from "../../application/mod.ts";
import { createChatroom } from "../../application/mod.ts";
import type { ChatroomId, Sequence } from "../../domain/mod.ts";
import { sequence } from "../../domain/mod.ts";
import type { Node } from "./_chats.ts";
import { ANN, BORA, granted, openRoom, passing, post, postMany, startNode, watch } from "./_chats.ts";

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

async function openRooms(node: Node, count: number, tag: string): Promise<readonly ChatroomId[]> {
  async function open(): Promise<readonly ChatroomId[]> {
    const ids: ChatroomId[] = [];
    for (const index of range(1, count)) {
      const input = { creatorId: ANN, requestId: `${tag}-${index}`, name: tag };
      ids.push(granted(await createChatroom(node.chat, input)).id);
    }
    return ids;
  }
  return passing(node, open());
}

describe("a node", () => {
  test("decides and writes at most 256 commands of a room at once", async () => {
    const node = startNode();
    const room = await openRoom(node);
    const append = spyOn(node.store.log, "append");
    await postMany(node, room, 600);
    expect(append.mock.calls.map(([, , drafts]) => drafts.length)).toEqual([1, 256, 256, 87]);
  });

  test("keeps 1,000 rooms loaded, and lets that one go which was written to longest ago", async () => {
    const node = startNode();
    const [first, second] = (await openRooms(node, 2, "early")) as [ChatroomId, ChatroomId];
    await post(node, first, "loads what the next one needs");
    await post(node, second, "loads what the next one needs");
    await openRooms(node, 998, "more");
    await post(node, first, "is written to again");
    const head = spyOn(node.store.log, "head");
    const loads = (room: ChatroomId): number => head.mock.calls.filter(([id]) => id === room).length;
    await post(node, second, "is loaded still");
    await post(node, first, "is loaded still");
    expect([loads(first), loads(second)]).toEqual([0, 0]);
    await openRooms(node, 1, "one_more_than_1_000");
    await post(node, first, "is loaded still");
    await post(node, second, "is loaded still");
    expect([loads(first), loads(second)]).toEqual([0, 0]);
    await openRooms(node, 999, "enough_for_one_of_the_two_to_go");
    await post(node, second, "is loaded still");
    expect([loads(first), loads(second)]).toEqual([0, 0]);
    await post(node, first, "is loaded anew");
    expect(loads(first)).toBeGreaterThan(0);
  });

  test("has one writer of a room while anything of it is under way, however many other rooms are written to", async () => {
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    let held: ChatroomId | null = null;
    const appends: number[] = [];
    const node = startNode({}, undefined, (log) => ({
      async append(...args: Parameters<RoomLog["append"]>) {
        if (args[0] === held) {
          appends.push(args[2].length);
          await gate;
        }
        return log.append(...args);
      },
    }));
    const room = await openRoom(node);
    held = room;
    const first = post(node, room, "under way");
    await openRooms(node, 1_001, "others");
    const second = post(node, room, "comes after", BORA);
    await openRooms(node, 1, "meanwhile_one_more");
    expect(appends).toEqual([1]);
    release();
    const posted = await Promise.all([first, second]);
    expect(posted.map((message) => message.sequence)).toEqual([sequence(3), sequence(4)]);
    expect(appends).toEqual([1, 1]);
  });
});

describe("observeChatroom()", () => {
  test("replays 10,000 changes, and resets whoever lies further back", async () => {
    const node = startNode();
    const room = await openRoom(node);
    await postMany(node, room, 10_001);
    const near = await watch(node, room, BORA, "memory00.3");
    await passing(node, near.atLeast(10_001));
    expect<unknown>(near.told[0]).toEqual({ place: "memory00.3", event: { kind: "cursor" } });
    expect(near.sequences()).toEqual(range(4, 10_003));
    const far = await watch(node, room, BORA, "memory00.2");
    await passing(node, far.atLeast(1));
    expect<unknown>(far.told).toEqual([{ place: "memory00.10003", event: { kind: "reset", reason: "behind" } }]);
    await post(node, room, "goes on from there");
    await passing(node, far.atLeast(2));
    expect(far.sequences()).toEqual([10_004]);
  });
});

/** From behind which places the log was read since. */
function placesRead(node: Node): () => readonly number[] {
  const read = spyOn(node.store.log, "read");
  return () => read.mock.calls.map(([, after]) => after as number);
}

describe("a feed", () => {
  test("keeps some recent changes at hand, and reads what is older from the log", async () => {
    const node = startNode();
    const room = await openRoom(node);
    const live = await watch(node, room);
    await passing(node, live.atLeast(1));
    await postMany(node, room, 2_000);
    await passing(node, live.atLeast(2_001));
    expect(live.sequences()).toEqual(range(3, 2_002));
    const places = placesRead(node);
    const near = await watch(node, room, BORA, "memory00.1600");
    await passing(node, near.atLeast(403));
    expect(near.sequences()).toEqual(range(1_601, 2_002));
    expect(places()).toEqual([]);
    const slow = await watch(node, room, BORA, "memory00.0");
    await passing(node, slow.atLeast(2_003));
    expect(slow.sequences()).toEqual(range(1, 2_002));
    // All but what is at hand, at most twice 512.
    expect(Math.max(...places())).toBeGreaterThan(2_002 - 1_024 - 200);
  });

  test("keeps only so many changes that came too early, and reads the others from the log", async () => {
    const node = startNode();
    const room = await openRoom(node);
    const live = await watch(node, room);
    await passing(node, live.atLeast(1));
    const release = node.store.faults.hideBeyond(room, 2 as Sequence);
    node.broker.faults.loseNext(1);
    await postMany(node, room, 2_000);
    expect(live.sequences()).toEqual([]);
    const places = placesRead(node);
    release();
    await passing(node, live.atLeast(2_001));
    expect(live.sequences()).toEqual(range(3, 2_002));
    expect(places().filter((place) => place > 600).length).toBeGreaterThanOrEqual(5);
  });
});
