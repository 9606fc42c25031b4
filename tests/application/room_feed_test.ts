import { expect, test } from "bun:test";
import { openRoomFeed } from "../../application/room_feed.ts";
import { BEGINNING } from "../../domain/mod.ts";
import { altered, openRoom, post, startNode } from "./_chats.ts";

test("after() holds little text in a page, whether it comes from the log or is at hand", async () => {
  const node = startNode();
  const room = await openRoom(node);
  const long = "m".repeat(4_000);
  for (let count = 0; count < 40; count++) await post(node, room, long);
  const ports = { log: node.store.log, broker: node.broker, clock: node.clock, onFault: () => {} };
  const fromLog = await openRoomFeed(ports, room);
  const atHand = await openRoomFeed({ ...ports, log: altered(ports.log, { head: async () => null }) }, room);
  await atHand.fill();
  for (const feed of [fromLog, atHand]) {
    const page = await feed.after(BEGINNING);
    if ("kind" in page) throw new Error("the log has no hole");
    // The room's beginning and a join, then as many messages as reach 32,768 characters.
    expect(page.map(({ sequence }) => Number(sequence))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    feed.close();
  }
});
