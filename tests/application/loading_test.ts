import { describe, expect, spyOn, test } from "bun:test";
import type { RoomLog } from "../../application/mod.ts";
import { createChatroom, joinChatroom, postMessage } from "../../application/mod.ts";
import type { ChatroomId, UserId } from "../../domain/mod.ts";
import { messageId, sequence, userId } from "../../domain/mod.ts";
import type { Node } from "./_chats.ts";
import { ANN, BORA, CHO, granted, join, kick, openRoom, passing, post, startNode } from "./_chats.ts";

const later = { projection: "later" } as const;

const say = (node: Node, chatroomId: ChatroomId, authorId: UserId, requestId: string) =>
  postMessage(node.chat, { authorId, chatroomId, body: "hi", requestId, replyTo: null });

/** Let Cho's join stand in the log, and in no row that any of the nodes reads. */
async function joinUnprojected(nodes: readonly Node[], room: ChatroomId): Promise<void> {
  for (const { store } of nodes) store.faults.holdProjections();
  const [node] = nodes as [Node];
  void joinChatroom(node.chat, { actorId: CHO, chatroomId: room, requestId: null });
  await post(node, room, "by then the join stands");
}

describe("a room that is loaded already", () => {
  test("learns what others changed when it takes in one more row", async () => {
    const one = startNode();
    const two = startNode({}, one);
    const room = await openRoom(one);
    await post(two, room, "loads the room, and Bora", BORA);
    await kick(one, room, BORA);
    await post(two, room, "needs Ann as well", ANN);
    expect<unknown>(await passing(two, say(two, room, BORA, "late"))).toEqual({
      ok: false,
      error: { code: "MEMBERSHIP_ENDED", reason: "kicked", sequence: 4 },
    });
  });

  test("brings a row that lags behind it to its own place", async () => {
    const one = startNode(later);
    const two = startNode({}, one);
    const room = await openRoom(one);
    await post(two, room, "loads the room");
    await joinUnprojected([one, two], room);
    await post(two, room, "has seen the join, and did not need its row");
    expect(granted(await passing(two, say(two, room, CHO, "welcome"))).sequence).toBe(sequence(7));
  });

  test("is not gone on from when loading more of it failed half-way", async () => {
    let failing = false;
    const one = startNode(later);
    const two = startNode({}, one, (log) => ({
      async read(...args: Parameters<RoomLog["read"]>) {
        if (failing) {
          failing = false;
          throw new Error("the log was away");
        }
        return log.read(...args);
      },
    }));
    const room = await openRoom(one);
    await post(two, room, "loads the room");
    await joinUnprojected([one, two], room);
    await post(two, room, "has seen the join, and did not need its row");
    failing = true;
    expect(granted(await passing(two, say(two, room, CHO, "welcome"))).sequence).toBe(sequence(7));
    expect(failing).toBeFalse();
    expect(two.faults).toHaveLength(1);
  });

  test("is not gone on from when an append had an unknown outcome", async () => {
    for (const written of [0, "all"] as const) {
      const node = startNode();
      const creating = createChatroom(node.chat, { creatorId: ANN, requestId: "small", name: "small", capacity: 2 });
      const { id } = granted(await passing(node, creating));
      node.store.faults.loseNextAppend({ written });
      await join(node, id, BORA);
      const full = joinChatroom(node.chat, { actorId: CHO, chatroomId: id, requestId: null });
      expect<unknown>(await passing(node, full)).toEqual({ ok: false, error: { code: "CHATROOM_FULL", capacity: 2 } });
      await kick(node, id, BORA);
      await join(node, id, CHO);
      expect(await passing(node, node.chat.log.head(id))).toMatchObject({ sequence: 4, memberCount: 2 });
    }
  });

  test("is loaded anew once it holds some thousands of rows, and not before", async () => {
    const node = startNode();
    const room = await openRoom(node);
    const loads = spyOn(node.store.directory, "get");
    const ask = async (from: number, to: number): Promise<void> => {
      const replies = Array.from({ length: to - from }, (_, index) =>
        postMessage(node.chat, {
          authorId: ANN,
          chatroomId: room,
          body: "hi",
          requestId: `${from + index}`,
          replyTo: messageId(1_000 + from + index),
        }),
      );
      for (const one of await passing(node, Promise.all(replies))) expect(one.ok).toBeFalse();
    };
    await ask(0, 3_000);
    expect(loads).toHaveBeenCalledTimes(0);
    await ask(3_000, 12_000);
    expect(loads.mock.calls.length).toBeWithin(2, 4);
    await post(node, room, "and goes on as before");
    expect(granted(await passing(node, say(node, room, BORA, "so_does_Bora"))).sequence).toBe(sequence(4));
    await join(node, room, userId("dan"));
  });
});
