import { describe, expect, spyOn, test } from "bun:test";
import type { ChatroomSnapshot } from "../../application/mod.ts";
import {
  changeRole,
  getChatroom,
  joinChatroom,
  leaveChatroom,
  messageHistory,
  postMessage,
  updateChatroom,
} from "../../application/mod.ts";
import type { ChatroomId, Result, RoomWindow, UserId } from "../../domain/mod.ts";
import { applyChange, parsePlace, sequence } from "../../domain/mod.ts";
import type { Node } from "./_chats.ts";
import { ANN, BORA, CHO, granted, openRoom, passing, post, postMany, quiet, startNode } from "./_chats.ts";

const read = (node: Node, chatroomId: ChatroomId, atLeast?: string) =>
  getChatroom(node.chat, { readerId: BORA, chatroomId, atLeast });

async function snapshot(node: Node, room: ChatroomId, atLeast?: number): Promise<ChatroomSnapshot> {
  const place = atLeast === undefined ? undefined : `memory00.${atLeast}`;
  const taken = granted(await passing(node, read(node, room, place)));
  await quiet();
  return taken;
}

async function headOf(node: Node, room: ChatroomId): Promise<number> {
  return (await passing(node, node.chat.log.head(room)))?.sequence ?? 0;
}

function asOf(snapshot: ChatroomSnapshot): number {
  return parsePlace(snapshot.asOf)?.sequence ?? Number.NaN;
}

/** Alters a room of Ann's in all the ways that a snapshot shows, each time by so many changes. */
function altering(node: Node, chatroomId: ChatroomId): (count: number) => Promise<void> {
  let made = 0;
  const ann = { actorId: ANN, chatroomId, requestId: null };
  const cho = { actorId: CHO, chatroomId, requestId: null };
  const say = (authorId: UserId) =>
    postMessage(node.chat, { authorId, chatroomId, body: `post ${made}`, requestId: `alter-${made}`, replyTo: null });
  const acts: readonly (() => Promise<Result<unknown, unknown>>)[] = [
    () => updateChatroom(node.chat, { ...ann, topic: `topic ${made}` }),
    () => say(BORA),
    () => changeRole(node.chat, { ...ann, userId: BORA, role: made % 12 < 6 ? "moderator" : "member" }),
    () => joinChatroom(node.chat, cho),
    () => say(CHO),
    () => leaveChatroom(node.chat, { ...cho, successorId: null }),
  ];
  return async (count) => {
    for (const end = made + count; made < end; made++) {
      const act = acts[made % acts.length];
      if (act) granted(await passing(node, act()));
    }
  };
}

describe("getChatroom()", () => {
  test("reads the newest messages once, and goes on with what is at hand", async () => {
    const node = startNode();
    const room = await openRoom(node);
    await postMany(node, room, 5);
    const reads = spyOn(node.store.messages, "byOrdinal");
    expect((await snapshot(node, room)).messages).toHaveLength(5);
    expect(reads).toHaveBeenCalledTimes(1);
    await altering(node, room)(12);
    await postMany(node, room, 120);
    await quiet();
    const after = await snapshot(node, room);
    expect(reads).toHaveBeenCalledTimes(1);
    expect(asOf(after)).toBe(await headOf(node, room));
    const newest = messageHistory(node.chat, { readerId: BORA, chatroomId: room, limit: 50 });
    expect(after.messages).toEqual(granted(await passing(node, newest)).messages);
  });

  test("joins what follows its place to a fresh read, however old the page at hand", async () => {
    const node = startNode();
    const other = startNode({}, node);
    const room = await openRoom(node);
    await postMany(node, room, 60);
    const alter = altering(node, room);
    for (const lag of [1, 2, 5, 6, 17, 49, 50, 51, 80]) {
      await snapshot(other, room, await headOf(node, room));
      await alter(lag);
      const head = await headOf(node, room);
      const old = await snapshot(other, room);
      // The page of the other node lags, until it is worth no more.
      expect(asOf(old)).toBe(lag <= 50 ? head - lag : head);
      const changes = await passing(node, node.chat.log.read(room, sequence(asOf(old)), 100));
      const window: RoomWindow = { ...old, asOf: sequence(asOf(old)), size: 50 };
      const fresh = await snapshot(other, room, head);
      expect<unknown>(changes.reduce(applyChange, window)).toEqual({ ...fresh, asOf: head, size: 50 });
    }
  });

  test("reaches the place that is asked for, past an older page", async () => {
    const node = startNode();
    const other = startNode({}, node);
    const room = await openRoom(node);
    await snapshot(other, room);
    await post(node, room, "unknown to the other node's page");
    const asked = await snapshot(other, room, 3);
    expect(asOf(asked)).toBe(3);
    expect(asked.messages).toHaveLength(1);
  });

  test("waits for the projection of the place that is asked for", async () => {
    const node = startNode({ projection: "later" });
    const room = await openRoom(node);
    const release = node.store.faults.holdProjections();
    void joinChatroom(node.chat, { actorId: CHO, chatroomId: room, requestId: null });
    await post(node, room, "by then the join stands");
    expect(await snapshot(node, room)).toMatchObject({ asOf: "memory00.2", chatroom: { memberCount: 2 } });
    let answered = false;
    const asked = read(node, room, "memory00.3").finally(() => {
      answered = true;
    });
    await quiet();
    await node.clock.advance(300);
    await quiet();
    expect(answered).toBeFalse();
    release();
    expect(granted(await passing(node, asked))).toMatchObject({ asOf: "memory00.4", chatroom: { memberCount: 3 } });
  });

  test("is UNAVAILABLE where that place is not reached, and takes no place that nobody gave out", async () => {
    const node = startNode();
    const room = await openRoom(node);
    expect<unknown>(await passing(node, read(node, room, "memory00.3"), 100)).toEqual({
      ok: false,
      error: { code: "UNAVAILABLE", outcome: "none" },
    });
    expect(granted(await passing(node, read(node, room, "othrlife.3")))).toMatchObject({ asOf: "memory00.2" });
    for (const forged of ["", "3", "memory00", "memory00.03", "memory00.-1"]) {
      expect<unknown>(await passing(node, read(node, room, forged))).toEqual({
        ok: false,
        error: { code: "PLACE_INVALID", field: "atLeast" },
      });
    }
  });
});
