import { describe, expect, test } from "bun:test";
import {
  getChatroom,
  joinChatroom,
  kickMember,
  leaveChatroom,
  messageHistory,
  postMessage,
} from "../../application/mod.ts";
import type { ChatroomId, UserId } from "../../domain/mod.ts";
import { sequence, userId } from "../../domain/mod.ts";
import type { Node } from "./_chats.ts";
import { ANN, BORA, CHO, granted, openRoom, passing, post, startNode } from "./_chats.ts";

/** A node whose appends are counted, by how many drafts each had. */
function counted(): { readonly node: Node; readonly appends: number[] } {
  const appends: number[] = [];
  const node = startNode({}, undefined, (log) => ({
    append(...args) {
      appends.push(args[2].length);
      return log.append(...args);
    },
  }));
  return { node, appends };
}

const say = (node: Node, chatroomId: ChatroomId, body: string, requestId: string, authorId: UserId = ANN) =>
  postMessage(node.chat, { authorId, chatroomId, body, requestId, replyTo: null });

async function bodies(node: Node, chatroomId: ChatroomId): Promise<readonly string[]> {
  const history = await passing(node, messageHistory(node.chat, { readerId: ANN, chatroomId, limit: 100 }));
  return granted(history).messages.map(({ body }) => body);
}

describe("submit()", () => {
  test("writes a lone command at once, and together what gathers meanwhile", async () => {
    const { node, appends } = counted();
    const room = await openRoom(node);
    appends.length = 0;
    const posted = Array.from({ length: 64 }, (_, index) => say(node, room, `m${index}`, `r${index}`));
    const sequences = (await passing(node, Promise.all(posted))).map((one) => granted(one).sequence);
    expect(sequences).toEqual(Array.from({ length: 64 }, (_, index) => sequence(index + 3)));
    expect(appends).toEqual([1, 63]);
  });

  test("answers a repeated request with the change of the first time, also at once and on another node", async () => {
    const node = startNode();
    const other = startNode({}, node);
    const room = await openRoom(node);
    const twice = Promise.all([say(node, room, "hi", "same"), say(node, room, "hi", "same")]);
    const [first, second] = (await passing(node, twice)).map(granted);
    expect(second).toEqual(first);
    expect<unknown>(granted(await passing(other, say(other, room, "hi", "same")))).toEqual(first);
    expect(await bodies(node, room)).toEqual(["hi"]);
  });

  test("refuses a request that stands for something else", async () => {
    const node = startNode();
    const room = await openRoom(node);
    await passing(node, say(node, room, "hi", "same"));
    const reused = { ok: false, error: { code: "REQUEST_REUSED", requestId: "same" } };
    expect<unknown>(await passing(node, say(node, room, "ho", "same"))).toEqual(reused);
    const kick = kickMember(node.chat, { actorId: ANN, chatroomId: room, userId: BORA, requestId: "same" });
    expect<unknown>(await passing(node, kick)).toEqual(reused);
    // Another author's request of the same name is another request.
    expect((await passing(node, say(node, room, "ho", "same", BORA))).ok).toBeTrue();
  });

  test("answers a repeated request by its change even when it would be refused by now", async () => {
    const node = startNode();
    const room = await openRoom(node);
    const first = granted(await passing(node, say(node, room, "hi", "once", BORA)));
    await passing(
      node,
      leaveChatroom(node.chat, { actorId: BORA, chatroomId: room, requestId: null, successorId: null }),
    );
    expect(granted(await passing(node, say(node, room, "hi", "once", BORA)))).toEqual(first);
    expect<unknown>(await passing(node, say(node, room, "hi", "new", BORA))).toMatchObject({
      ok: false,
      error: { code: "MEMBERSHIP_ENDED" },
    });
  });

  test("decides at the head, whatever another node wrote a moment ago", async () => {
    const one = startNode({ projection: "later" });
    const two = startNode({}, one);
    const room = await openRoom(one);
    await post(two, room, "loads the room on the other node", BORA);
    granted(
      await passing(one, kickMember(one.chat, { actorId: ANN, chatroomId: room, userId: BORA, requestId: null })),
    );
    expect<unknown>(await passing(two, say(two, room, "too late", "late", BORA))).toEqual({
      ok: false,
      error: { code: "MEMBERSHIP_ENDED", reason: "kicked", sequence: 4 },
    });
    expect((await passing(two, say(two, room, "too early", "early", CHO))).ok).toBeFalse();
    granted(await passing(one, joinChatroom(one.chat, { actorId: CHO, chatroomId: room, requestId: null })));
    expect(granted(await passing(two, say(two, room, "welcome", "back", CHO))).sequence).toBe(sequence(6));
  });

  test("lets two nodes write one room without a hole or a double", async () => {
    const nodes = [startNode({ projection: "later" })];
    nodes.push(startNode({}, nodes[0]), startNode({}, nodes[0]));
    const [first] = nodes as [Node];
    const room = await openRoom(first);
    const posts = nodes.flatMap((node, at) =>
      Array.from({ length: 40 }, (_, index) => say(node, room, `${at}:${index}`, `n${at}-${index}`)),
    );
    const sequences = (await passing(first, Promise.all(posts))).map((one) => granted(one).sequence as number);
    expect(sequences.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 120 }, (_, index) => index + 3));
  });

  test("carries out once what an append with an unknown outcome may have written", async () => {
    for (const written of [0, 1, 2, "all"] as const) {
      const node = startNode();
      const room = await openRoom(node);
      await post(node, room, "first");
      const gate = say(node, room, "gate", "gate");
      const release = node.store.faults.loseNextAppend({ written });
      const three = ["a", "b", "c"].map((body) => say(node, room, body, body));
      const answered = (await passing(node, Promise.all([gate, ...three]))).map(granted);
      expect(answered.map((message) => message.sequence as number)).toEqual([4, 5, 6, 7]);
      release();
      expect(await bodies(node, room)).toEqual(["first", "gate", "a", "b", "c"]);
      expect(node.faults).toHaveLength(1);
    }
  });

  test("says that the outcome is unknown when the log stays away, and serves when it is back", async () => {
    const node = startNode();
    const room = await openRoom(node);
    for (let index = 0; index < 30; index++) node.store.faults.loseNextAppend({ written: 0 });
    const lost = await passing(node, say(node, room, "hi", "lost"), 100);
    expect<unknown>(lost).toEqual({ ok: false, error: { code: "UNAVAILABLE", outcome: "unknown" } });
    while ((await passing(node, say(node, room, "hi", "lost"), 100)).ok === false);
    expect(await bodies(node, room)).toEqual(["hi"]);
  });

  test("does not run in circles when the log contradicts itself", async () => {
    const node = startNode({}, undefined, (log) => ({
      append: async (...args) =>
        args[1] < 2 ? log.append(...args) : { written: [], refused: { kind: "stale", head: args[1] } },
    }));
    const room = await openRoom(node);
    const lost = await passing(node, say(node, room, "hi", "lost"), 100);
    expect<unknown>(lost).toEqual({ ok: false, error: { code: "UNAVAILABLE", outcome: "unknown" } });
    expect(String(node.faults[0])).toContain("nothing came of the commands");
  });

  test("takes nothing more once closed, and finishes what it took", async () => {
    const node = startNode();
    const room = await openRoom(node);
    const taken = Array.from({ length: 20 }, (_, index) => say(node, room, `m${index}`, `r${index}`));
    const closed = node.chat.close();
    const late = await say(node, room, "late", "late");
    expect<unknown>(late).toEqual({ ok: false, error: { code: "UNAVAILABLE", outcome: "none" } });
    await passing(node, closed);
    for (const one of await Promise.all(taken)) expect(one.ok).toBeTrue();
  });
});

describe("a membership command", () => {
  test("is answered once others see what it altered", async () => {
    const node = startNode({ projection: "later" });
    const room = await openRoom(node);
    const release = node.store.faults.holdProjections();
    let answered = false;
    const joining = joinChatroom(node.chat, { actorId: CHO, chatroomId: room, requestId: null }).finally(() => {
      answered = true;
    });
    await post(node, room, "meanwhile");
    expect(answered).toBeFalse();
    release();
    granted(await passing(node, joining));
    const snapshot = granted(await passing(node, getChatroom(node.chat, { readerId: CHO, chatroomId: room })));
    expect(snapshot.membership).toMatchObject({ userId: CHO, ended: null });
  });

  test("is UNAVAILABLE, and carried out all the same, when projections stay away", async () => {
    const node = startNode({ projection: "later" });
    const room = await openRoom(node);
    const release = node.store.faults.holdProjections();
    const join = () => joinChatroom(node.chat, { actorId: userId("dan"), chatroomId: room, requestId: "join" });
    expect<unknown>(await passing(node, join(), 100)).toEqual({
      ok: false,
      error: { code: "UNAVAILABLE", outcome: "unknown" },
    });
    release();
    expect(granted(await passing(node, join())).place).toEndWith(".3");
  });
});
