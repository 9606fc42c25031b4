import { describe, expect, test } from "bun:test";
import { joinChatroom, kickMember, leaveChatroom, postMessage } from "../../application/mod.ts";
import type { ChatroomId, UserId } from "../../domain/mod.ts";
import type { Node } from "./_chats.ts";
import { ANN, BORA, CHO, granted, openRoom, passing, post, quiet, startNode } from "./_chats.ts";

const say = (node: Node, chatroomId: ChatroomId, authorId: UserId, requestId: string) =>
  postMessage(node.chat, { authorId, chatroomId, body: requestId, requestId, replyTo: null });

/** Two nodes, and a way to have something happen between an append of the second one and its answer, once. */
function contenders(): { readonly one: Node; readonly two: Node; meanwhile(work: () => Promise<unknown>): void } {
  const one = startNode();
  let next: (() => Promise<unknown>) | null = null;
  const two = startNode({}, one, (log) => ({
    async append(...args) {
      const appended = await log.append(...args);
      const work = next;
      next = null;
      await work?.();
      return appended;
    },
  }));
  return {
    one,
    two,
    meanwhile(work) {
      next = work;
    },
  };
}

describe("submit()", () => {
  test("refuses nobody of a batch by what was overtaken before the batch was written", async () => {
    const { one, two, meanwhile } = contenders();
    const room = await openRoom(one);
    expect((await passing(two, say(two, room, CHO, "loads_that_Cho_is_no_member"))).ok).toBeFalse();
    meanwhile(() => joinChatroom(one.chat, { actorId: CHO, chatroomId: room, requestId: null }));
    // The gate goes alone; behind it, the batch is decided without the join that the other node writes meanwhile.
    const says = [say(two, room, ANN, "gate"), say(two, room, CHO, "welcome"), say(two, room, ANN, "behind")];
    const sequences = (await passing(two, Promise.all(says))).map((said) => granted(said).sequence as number);
    expect(sequences).toEqual([3, 5, 6]);
  });

  test("skips nothing of a batch by what was overtaken before the batch was written", async () => {
    const { one, two, meanwhile } = contenders();
    const room = await openRoom(one);
    await post(two, room, "loads Bora as a member", BORA);
    meanwhile(() => kickMember(one.chat, { actorId: ANN, chatroomId: room, userId: BORA, requestId: null }));
    const gate = say(two, room, ANN, "gate");
    const joined = joinChatroom(two.chat, { actorId: BORA, chatroomId: room, requestId: null });
    const behind = say(two, room, ANN, "behind");
    const outcomes = (await passing(two, Promise.all([gate, joined, behind]))).map((one) => granted<unknown>(one));
    expect<unknown>(outcomes).toMatchObject([{ sequence: 4 }, { place: "memory00.6" }, { sequence: 7 }]);
  });

  test("answers a retry that would be refused by now also beside a command that is written", async () => {
    const node = startNode();
    const room = await openRoom(node);
    const first = granted(await passing(node, say(node, room, BORA, "once")));
    const leaving = { actorId: BORA, chatroomId: room, requestId: null, successorId: null };
    granted(await passing(node, leaveChatroom(node.chat, leaving)));
    const says = [say(node, room, ANN, "gate"), say(node, room, BORA, "once"), say(node, room, ANN, "beside")];
    const [gate, again, beside] = await passing(node, Promise.all(says));
    expect<unknown>(again).toEqual({ ok: true, value: first });
    expect<unknown>([gate, beside]).toMatchObject([{ value: { sequence: 5 } }, { value: { sequence: 6 } }]);
  });

  test("answers what changes nothing once others see what was wanted", async () => {
    const node = startNode({ projection: "later" });
    const room = await openRoom(node);
    const release = node.store.faults.holdProjections();
    const answered: string[] = [];
    const joining = ["first", "second"].map(async (requestId) => {
      const done = granted(await joinChatroom(node.chat, { actorId: CHO, chatroomId: room, requestId }));
      answered.push(requestId);
      return done.place;
    });
    await post(node, room, "decided behind both");
    await quiet();
    expect(answered).toEqual([]);
    release();
    expect<unknown>(await passing(node, Promise.all(joining))).toEqual(["memory00.3", null]);
    expect(await passing(node, node.chat.memberships.get(room, [CHO]))).toMatchObject([{ userId: CHO, ended: null }]);
  });
});
