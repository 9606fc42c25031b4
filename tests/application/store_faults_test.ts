import { describe, expect, test } from "bun:test";
import { createChatroom, joinChatroom, leaveChatroom, postMessage } from "../../application/mod.ts";
import type { ChatroomId } from "../../domain/mod.ts";
import { sequence, userId } from "../../domain/mod.ts";
import type { Node } from "./_chats.ts";
import { ANN, altered, BORA, CHO, comesOf, elapse, granted, openRoom, passing, post, startNode } from "./_chats.ts";

const DAN = userId("dan");
const later = { projection: "later" } as const;
/** Five seconds of patience, and what steps of the clock add to its pauses. */
const PATIENCE = 7_000;

const unavailable = (outcome: "none" | "unknown"): unknown => ({ ok: false, error: { code: "UNAVAILABLE", outcome } });
const away = (): Promise<never> => Promise.reject(new Error("is away"));

const say = ({ chat }: Node, chatroomId: ChatroomId, body: string, authorId = ANN) =>
  postMessage(chat, { authorId, chatroomId, body, requestId: body, replyTo: null });

const join = ({ chat }: Node, chatroomId: ChatroomId, actorId = CHO) =>
  joinChatroom(chat, { actorId, chatroomId, requestId: "join" });

describe("submit()", () => {
  test("does not carry out what it refused already, though the log fails behind a part of the batch", async () => {
    const base = startNode();
    const { log } = base.store;
    const creating = createChatroom(base.chat, { creatorId: ANN, requestId: "small", name: "small", capacity: 3 });
    const { id: room } = granted(await passing(base, creating));
    granted(await passing(base, join(base, room, BORA)));
    let headFails = false;
    // A prefix is written, as an ordered insert may; then another node is first, and the head cannot be read.
    const node = startNode({}, base, () => ({
      async append(chatroomId, after, drafts) {
        if (drafts.length !== 2) return log.append(chatroomId, after, drafts);
        const { written } = await log.append(chatroomId, after, drafts.slice(0, 1));
        const leaving = { actorId: BORA, chatroomId, requestId: null, successorId: null };
        granted(await leaveChatroom(base.chat, leaving));
        headFails = true;
        return { written, refused: { kind: "stale", head: sequence(after + 2) } };
      },
      head(chatroomId) {
        if (!headFails) return log.head(chatroomId);
        headFails = false;
        return away();
      },
    }));
    // The first goes alone, and the others gather meanwhile.
    const all = [
      say(node, room, "first"),
      join(node, room, CHO),
      join(node, room, DAN),
      say(node, room, "last"),
    ] as const;
    const [, cho, dan, last] = await passing(node, Promise.all(all));
    expect([cho.ok, last.ok, node.faults.length]).toEqual([true, true, 1]);
    expect<unknown>(dan).toEqual({ ok: false, error: { code: "CHATROOM_FULL", capacity: 3 } });
    await elapse(node, PATIENCE);
    expect((await log.read(room, sequence(0), 100)).map(({ kind, actorId }) => [kind, actorId])).toEqual([
      ["chatroom_created", ANN],
      ["member_joined", BORA],
      ["message_posted", ANN],
      ["member_joined", CHO],
      ["member_left", BORA],
      ["message_posted", ANN],
    ]);
  });

  test("gives up on a log that calls it stale and shows no newer head", async () => {
    const base = startNode();
    const room = await openRoom(base);
    let rounds = 0;
    const node = startNode({}, base, () => ({
      async append(_, after) {
        rounds++;
        return { written: [], refused: { kind: "stale", head: sequence(after + 1) } };
      },
    }));
    expect<unknown>(await comesOf(node, say(node, room, "hi"), PATIENCE)).toEqual(unavailable("unknown"));
    expect(rounds).toBeLessThan(100);
  });

  test("refuses where the room stood while it was asked, although another node keeps writing", async () => {
    const base = startNode();
    const room = await openRoom(base);
    let heads = 0;
    const node = startNode({}, base, (log) => ({
      async head(chatroomId) {
        // Without bound, a writer that wants to find the head where it left it would never be done.
        if (heads++ < 100) granted(await say(base, room, `m${heads}`));
        return log.head(chatroomId);
      },
    }));
    expect<unknown>(await passing(node, say(node, room, "hi", CHO))).toMatchObject({ error: { code: "NOT_A_MEMBER" } });
    expect(heads).toBeLessThan(5);
  });

  test("is as patient with reads that lag as with a log that is away, and no more", async () => {
    const base = startNode(later);
    const node = startNode({}, base);
    const room = await openRoom(base);
    await post(node, room, "loads the room");
    await post(base, room, "is missing there");
    for (const { store } of [base, node]) store.faults.holdProjections();
    // Rows lack it, so that loading the room anew needs to read the log too.
    void join(base, room);
    await post(base, room, "by now it stands");
    node.store.faults.hideBeyond(room, sequence(3));
    expect<unknown>(await comesOf(node, say(node, room, "hi"), PATIENCE)).toEqual(unavailable("unknown"));
  });

  test("answers all who wait at once when the log is away, also those behind others", async () => {
    const base = startNode();
    const room = await openRoom(base);
    const node = startNode({}, base, () => ({ append: away }));
    const all = Promise.all(Array.from({ length: 1_000 }, (_, index) => say(node, room, `m${index}`)));
    const answers = await comesOf(node, all, PATIENCE);
    expect<unknown>(answers).toEqual([
      unavailable("unknown"),
      ...Array.from({ length: 999 }, () => unavailable("none")),
    ]);
    expect(node.faults.map(String)).toContain(`Error: nothing came of the commands to ${room} for 5000 ms`);
  });
});

describe("a projection", () => {
  test("that hangs in one room does not keep the sweeper from others", async () => {
    const dies = startNode(later);
    const room = await openRoom(dies);
    const creating = createChatroom(dies.chat, { creatorId: ANN, requestId: "another", name: "another" });
    const { id: another } = granted(await passing(dies, creating));
    dies.store.faults.holdProjections();
    const node = startNode({}, dies);
    node.store.faults.holdProjections(room);
    void join(dies, room);
    await elapse(node, 5_000);
    void join(dies, another);
    await elapse(node, 5_000);
    expect([...(await node.chat.log.pendingRooms(10)).keys()]).toEqual([room]);
    expect(await node.chat.memberships.get(another, [CHO])).toMatchObject([{ ended: null }]);
  });

  test("that stays away is not answered as if others saw it", async () => {
    let isAway = false;
    const node = startNode(later, undefined, undefined, ({ memberships }) => ({
      memberships: altered(memberships, { apply: (change) => (isAway ? away() : memberships.apply(change)) }),
      // Whoever is told of faults may answer anything: it counts for nothing.
      onFault: () => "noted",
    }));
    const room = await openRoom(node);
    isAway = true;
    expect<unknown>(await comesOf(node, join(node, room), PATIENCE)).toEqual(unavailable("unknown"));
    expect(await node.chat.memberships.get(room, [CHO])).toEqual([]);
    isAway = false;
    expect(granted(await passing(node, join(node, room))).place).toEndWith(".3");
    expect(await node.chat.memberships.get(room, [CHO])).toMatchObject([{ ended: null }]);
  });

  test("that fails once is tried again while its caller waits", async () => {
    let fails = 0;
    const node = startNode(later, undefined, undefined, ({ directory }) => ({
      directory: altered(directory, { apply: (change) => (fails-- > 0 ? away() : directory.apply(change)) }),
    }));
    const room = await openRoom(node);
    fails = 1;
    const before = node.clock.now();
    granted(await passing(node, join(node, room)));
    expect(await node.chat.memberships.get(room, [CHO])).toMatchObject([{ ended: null }]);
    // Sooner than the sweeper would have come.
    expect(node.clock.now() - before).toBeLessThan(1_000);
  });

  test("that hangs does not keep close() from settling", async () => {
    const node = startNode(later);
    const room = await openRoom(node);
    node.store.faults.holdProjections();
    const joining = join(node, room);
    await post(node, room, "by now it stands");
    expect(await comesOf(node, node.chat.close(), PATIENCE)).toBeUndefined();
    expect<unknown>(await comesOf(node, joining, PATIENCE)).toEqual(unavailable("unknown"));
  });
});
