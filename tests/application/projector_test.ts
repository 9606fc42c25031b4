import { describe, expect, spyOn, test } from "bun:test";
import { joinChatroom } from "../../application/mod.ts";
import type { ChatroomId, UserId } from "../../domain/mod.ts";
import { userId } from "../../domain/mod.ts";
import type { Node } from "./_chats.ts";
import { CHO, granted, join, openRoom, passing, post, quiet, startNode } from "./_chats.ts";

const later = { projection: "later" } as const;
const users = (count: number): readonly UserId[] => Array.from({ length: count }, (_, index) => userId(`user${index}`));

/** Let users join a room at once, and wait until their joins stand in the log, but not until they are projected. */
async function joinAtOnce(node: Node, chatroomId: ChatroomId, actorIds: readonly UserId[]) {
  const joining = actorIds.map((actorId) => joinChatroom(node.chat, { actorId, chatroomId, requestId: null }));
  await post(node, chatroomId, "by then they stand");
  return Promise.all(joining);
}

/** A node that wrote joins which others may see in the log, and whose projection it never comes to. */
async function leavingPending(count: number): Promise<{ readonly node: Node; readonly room: ChatroomId }> {
  const node = startNode(later);
  const room = await openRoom(node);
  node.store.faults.holdProjections();
  for (const actorId of users(count)) void joinChatroom(node.chat, { actorId, chatroomId: room, requestId: null });
  await post(node, room, "by then they stand");
  return { node, room };
}

async function active(node: Node, room: ChatroomId, ids: readonly UserId[]): Promise<number> {
  const memberships = await passing(node, node.chat.memberships.get(room, ids));
  return memberships.filter(({ ended }) => ended === null).length;
}

describe("a projection", () => {
  test("lets all that is pending take effect, however much that is", async () => {
    const { node, room } = await leavingPending(250);
    const other = startNode({}, node);
    await join(other, room, CHO);
    expect(await active(other, room, [...users(250), CHO])).toBe(251);
    expect(await passing(other, other.chat.directory.get(room))).toMatchObject({ memberCount: 253 });
    expect((await passing(other, other.chat.log.pendingRooms(1))).size).toBe(0);
  });

  test("is one at a time in a room, so that each change takes effect once and in order", async () => {
    const node = startNode(later);
    const room = await openRoom(node);
    const { directory } = node.store;
    const apply = directory.apply.bind(directory);
    const applied: number[] = [];
    let [underWay, most] = [0, 0];
    spyOn(directory, "apply").mockImplementation(async (change) => {
      most = Math.max(most, ++underWay);
      await apply(change);
      applied.push(change.sequence);
      underWay--;
    });
    const release = node.store.faults.holdProjections();
    const joining = joinAtOnce(node, room, users(10));
    await quiet();
    release();
    for (const one of await passing(node, joining)) granted(one);
    expect(applied).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(most).toBe(1);
  });

  test("that failed is had all the same, and does not stand in the way of the next", async () => {
    const node = startNode(later);
    const room = await openRoom(node);
    spyOn(node.store.memberships, "apply").mockImplementationOnce(() => Promise.reject(new Error("was away")));
    const joining = joinAtOnce(node, room, [CHO, ...users(3)]);
    for (const one of await passing(node, joining)) granted(one);
    expect(await active(node, room, [CHO, ...users(3)])).toBe(4);
    expect(node.faults).toHaveLength(1);
  });
});

describe("what another node left pending", () => {
  test("is taken up when it was so a second ago, and not before", async () => {
    const { node, room } = await leavingPending(1);
    const other = startNode({}, node);
    const apply = spyOn(other.store.directory, "apply");
    await quiet();
    await node.clock.advance(999);
    await quiet();
    await node.clock.advance(1);
    await quiet();
    expect(apply).toHaveBeenCalledTimes(0);
    await node.clock.advance(1_000);
    await quiet();
    expect(apply).toHaveBeenCalledTimes(1);
    expect(await active(other, room, users(1))).toBe(1);
  });

  test("is not looked for any more by a node that closed while it looked", async () => {
    const node = startNode(later);
    const pendingRooms = spyOn(node.store.log, "pendingRooms");
    const looking = node.clock.advance(1_000);
    const closing = node.chat.close();
    await passing(node, Promise.all([looking, closing]));
    await node.clock.advance(10_000);
    await quiet();
    expect(pendingRooms).toHaveBeenCalledTimes(1);
  });

  test("is left to others by a node that is closed", async () => {
    const { node } = await leavingPending(1);
    const other = startNode({}, node);
    const apply = spyOn(other.store.directory, "apply");
    await node.clock.advance(1_000);
    await quiet();
    await passing(other, other.chat.close());
    await node.clock.advance(10_000);
    await quiet();
    expect(apply).toHaveBeenCalledTimes(0);
  });
});
