import { describe, expect, test } from "bun:test";
import { getChatroom, joinChatroom, leaveChatroom } from "../../application/mod.ts";
import type { ChatroomId } from "../../domain/mod.ts";
import type { Node } from "./_chats.ts";
import { ANN, BORA, CHO, comesOf, granted, openRoom, passing, post, startNode, watch } from "./_chats.ts";

/** Bora, who owns nothing, names a successor in vain. */
const leave = ({ chat }: Node, chatroomId: ChatroomId, successorId = ANN) =>
  leaveChatroom(chat, { actorId: BORA, chatroomId, requestId: "bye", successorId });

describe("leaveChatroom()", () => {
  test("is known again where a successor was named in vain", async () => {
    const node = startNode();
    const room = await openRoom(node);
    const first = granted(await passing(node, leave(node, room)));
    expect<unknown>(first).toEqual({ place: "memory00.3" });
    expect(granted(await passing(node, leave(node, room)))).toEqual(first);
  });

  test("is known again, with a successor in vain, when its append was carried out though it failed", async () => {
    const node = startNode();
    const room = await openRoom(node);
    node.store.faults.loseNextAppend({ written: "all" });
    expect<unknown>(granted(await passing(node, leave(node, room)))).toEqual({ place: "memory00.3" });
  });

  test("is another request with another successor, where there was one", async () => {
    const node = startNode();
    const room = await openRoom(node);
    const pass = (successorId = BORA) =>
      passing(node, leaveChatroom(node.chat, { actorId: ANN, chatroomId: room, requestId: "bye", successorId }));
    const first = granted(await pass());
    expect(granted(await pass())).toEqual(first);
    expect<unknown>(await pass(CHO)).toEqual({ ok: false, error: { code: "REQUEST_REUSED", requestId: "bye" } });
  });
});

describe("getChatroom()", () => {
  test("reads again while rows lack what it is to reach, and refuses nobody by them", async () => {
    const node = startNode({ projection: "later" });
    const room = await openRoom(node);
    const holds = [node.store.faults.holdProjections()];
    const joining = joinChatroom(node.chat, { actorId: CHO, chatroomId: room, requestId: null });
    let [asked, reads] = [false, 0];
    const other = startNode({}, node, (log) => ({
      head(chatroomId) {
        if (asked && ++reads === 3) for (const release of holds) release();
        return log.head(chatroomId);
      },
    }));
    holds.push(other.store.faults.holdProjections());
    await post(other, room, "by now the join stands");
    const observing = await watch(other, room, CHO);
    await passing(node, observing.atLeast(1));
    expect<unknown>(observing.told[0]?.place).toBe("memory00.4");
    asked = true;
    const input = { readerId: CHO, chatroomId: room, atLeast: "memory00.4" };
    const snapshot = granted(await passing(node, getChatroom(other.chat, input)));
    expect<unknown>(snapshot).toMatchObject({ asOf: "memory00.4", membership: { userId: CHO, ended: null } });
    granted(await passing(node, joining));
  });

  test("is as patient with messages that lag as any other reading, and no more", async () => {
    const node = startNode();
    const room = await openRoom(node);
    for (const body of ["m1", "m2", "m3"]) await post(node, room, body);
    node.store.faults.hideNewest(room, 2);
    const reading = getChatroom(node.chat, { readerId: BORA, chatroomId: room });
    expect<unknown>(await comesOf(node, reading, 7_000)).toEqual({
      ok: false,
      error: { code: "UNAVAILABLE", outcome: "none" },
    });
  });
});
