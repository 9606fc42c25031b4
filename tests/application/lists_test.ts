import { describe, expect, test } from "bun:test";
import type { ChatroomList, MemberList, OwnChatroom, OwnChatroomList } from "../../application/mod.ts";
import {
  createChatroom,
  deleteChatroom,
  leaveChatroom,
  listChatrooms,
  listMembers,
  myChatrooms,
  updateChatroom,
} from "../../application/mod.ts";
import type { ChatroomId, UserId } from "../../domain/mod.ts";
import { compareText, fold, userId } from "../../domain/mod.ts";
import type { Node } from "./_chats.ts";
import { ANN, BORA, granted, join, openRoom, passing, post, startNode } from "./_chats.ts";

/** Names of which some are one when folded, some only begin alike, and some sort otherwise by UTF-16. */
const NAMES = ["room", "Room", "ROOM", "roo", "room 2", "방", "ﬀ", "ff", "😀", "\uffee", "가", "zoo"];

async function openRooms(node: Node, names: readonly string[], creatorId = ANN): Promise<readonly ChatroomId[]> {
  const ids: ChatroomId[] = [];
  for (const [index, name] of names.entries()) {
    const creating = createChatroom(node.chat, { creatorId, requestId: `r${index}`, name });
    ids.push(granted(await passing(node, creating)).id);
    await node.clock.advance(10);
  }
  return ids;
}

async function remove(node: Node, room: ChatroomId): Promise<void> {
  granted(await passing(node, deleteChatroom(node.chat, { actorId: ANN, chatroomId: room, requestId: null })));
}

async function list(node: Node, query: string, cursor: string | null, limit: number): Promise<ChatroomList> {
  return granted(await passing(node, listChatrooms(node.chat, { query, cursor, limit })));
}

const byName = (a: { name: string; id: string }, b: { name: string; id: string }): number =>
  compareText(fold(a.name), fold(b.name)) || compareText(a.id, b.id);

/** A cursor written as this server does it, of what it would not. */
const cursorOf = (parts: unknown): string => btoa(JSON.stringify(parts)).replaceAll("=", "");

const forged = ["", "x", "=", ...[[], {}, "ab", null, [1], ["a", 1], [["a"], "b"], ["a", "b", "c"]].map(cursorOf)];

describe("listChatrooms()", () => {
  test("goes through all rooms by name in pages of any size, without double or omission", async () => {
    const node = startNode();
    const ids = await openRooms(node, NAMES);
    const [deleted] = ids as [ChatroomId];
    await remove(node, deleted);
    const expected = NAMES.map((name, index) => ({ name, id: ids[index] as ChatroomId }))
      .slice(1)
      .sort(byName);
    for (let limit = 1; limit <= NAMES.length; limit++) {
      const pages: ChatroomList[] = [];
      for (
        let cursor: string | null = null;
        pages.length === 0 || cursor !== null;
        cursor = pages.at(-1)?.cursor ?? null
      )
        pages.push(await list(node, "", cursor, limit));
      expect(pages.flatMap(({ chatrooms }) => chatrooms.map(({ id }) => id))).toEqual(expected.map(({ id }) => id));
      // Every page but the last is full, and the last says that it is.
      expect(pages).toHaveLength(Math.ceil(expected.length / limit));
    }
  });

  test("goes on by the same query, in any case and form", async () => {
    const node = startNode();
    await openRooms(node, NAMES);
    const first = await list(node, "ＲＯＯＭ", null, 2);
    const second = await list(node, "room", first.cursor, 2);
    expect([...first.chatrooms, ...second.chatrooms].map(({ name }) => fold(name))).toEqual([
      "room",
      "room",
      "room",
      "room 2",
    ]);
    expect(second.cursor).toBeNull();
    expect(await list(node, "nothing like that", null, 10)).toEqual({ chatrooms: [], cursor: null });
  });

  test("says when something last happened in a room", async () => {
    const node = startNode();
    const [room = "none" as ChatroomId] = await openRooms(node, ["room"]);
    const [created] = (await list(node, "", null, 1)).chatrooms;
    expect<unknown>(created?.lastActivityAt).toBe(created?.createdAt);
    await node.clock.advance(1_000);
    const { postedAt } = await post(node, room, "hi");
    const [active] = (await list(node, "", null, 1)).chatrooms;
    expect(active?.lastActivityAt).toBe(postedAt);
    expect(postedAt).toBeGreaterThan(active?.createdAt ?? 0);
  });

  test("takes no cursor that nobody gave out, and no query too long to be part of a name", async () => {
    const node = startNode();
    await openRooms(node, ["a", "b", "c"]);
    const { cursor } = await list(node, "", null, 1);
    const twisted = [`${cursor}=`, `${cursor} `, cursor?.slice(1) ?? "", cursorOf(["a"]), cursorOf(["a", "\u0000"])];
    for (const text of [...forged, ...twisted]) {
      const listing = listChatrooms(node.chat, { query: "", cursor: text, limit: 1 });
      expect<unknown>([text, await passing(node, listing)]).toEqual([
        text,
        { ok: false, error: { code: "PLACE_INVALID", field: "cursor" } },
      ]);
    }
    const long = listChatrooms(node.chat, { query: "x".repeat(81), cursor: null, limit: 1 });
    expect<unknown>(await passing(node, long)).toMatchObject({ error: { code: "TEXT_INVALID", field: "query" } });
  });
});

describe("listMembers()", () => {
  test("goes through all members by id in pages of any size, and takes no forged cursor", async () => {
    const node = startNode();
    const room = await openRoom(node);
    const others: readonly UserId[] = ["zoe", "😀", "\uffee", "a b", "가"].map(userId);
    for (const other of others) await join(node, room, other);
    const leaving = { actorId: others[0] as UserId, chatroomId: room, requestId: null, successorId: null };
    granted(await passing(node, leaveChatroom(node.chat, leaving)));
    const expected = [ANN, BORA, ...others.slice(1)].sort(compareText);
    const page = (cursor: string | null, limit: number) =>
      passing(node, listMembers(node.chat, { readerId: BORA, chatroomId: room, cursor, limit }));
    for (let limit = 1; limit <= expected.length + 1; limit++) {
      const members: UserId[] = [];
      let [cursor, pages]: [string | null, number] = [null, 0];
      do {
        const listed: MemberList = granted(await page(cursor, limit));
        members.push(...listed.members.map(({ membership }) => membership.userId));
        [cursor, pages] = [listed.cursor, pages + 1];
      } while (cursor !== null);
      expect([members, pages]).toEqual([expected, Math.ceil(expected.length / limit)]);
    }
    for (const text of [...forged, cursorOf(["a", "b"]), cursorOf([])]) {
      expect<unknown>(await page(text, 1)).toEqual({ ok: false, error: { code: "PLACE_INVALID", field: "cursor" } });
    }
  });
});

describe("myChatrooms()", () => {
  test("lists the rooms that one is a member of by name, without the deleted and those left", async () => {
    const node = startNode();
    const ids = await openRooms(node, NAMES);
    const [deleted, left] = ids.slice(2) as [ChatroomId, ChatroomId];
    for (const room of ids.slice(1)) await join(node, room, BORA);
    await remove(node, deleted);
    const leaving = { actorId: BORA, chatroomId: left, requestId: null, successorId: null };
    granted(await passing(node, leaveChatroom(node.chat, leaving)));
    const expected = NAMES.map((name, index) => ({ name, id: ids[index] as ChatroomId }))
      .filter((_, index) => index === 1 || index > 3)
      .sort(byName);
    const page = (cursor: string | null, limit: number) =>
      passing(node, myChatrooms(node.chat, { userId: BORA, cursor, limit }));
    for (let limit = 1; limit <= expected.length + 1; limit++) {
      const own: OwnChatroom[] = [];
      let [cursor, pages]: [string | null, number] = [null, 0];
      do {
        const listed: OwnChatroomList = granted(await page(cursor, limit));
        own.push(...listed.chatrooms);
        [cursor, pages] = [listed.cursor, pages + 1];
      } while (cursor !== null);
      expect(own.map(({ chatroom: { name, id } }) => ({ name, id }))).toEqual(expected);
      expect(pages).toBe(Math.ceil(expected.length / limit));
      for (const { chatroom, membership } of own)
        expect(membership).toMatchObject({ chatroomId: chatroom.id, userId: BORA, role: "member", ended: null });
    }
    for (const text of forged)
      expect<unknown>(await page(text, 1)).toEqual({ ok: false, error: { code: "PLACE_INVALID", field: "cursor" } });
  });
});

describe("updateChatroom()", () => {
  test("answers the room as it is afterwards, or why it stays as it was", async () => {
    const node = startNode({ projection: "later" });
    const room = await openRoom(node);
    const update = (actorId: UserId, topic: string) =>
      passing(node, updateChatroom(node.chat, { actorId, chatroomId: room, requestId: null, topic }));
    expect(granted(await update(ANN, "new"))).toMatchObject({ id: room, name: "room", topic: "new", revision: 3 });
    expect<unknown>(await update(BORA, "other")).toEqual({
      ok: false,
      error: { code: "ROLE_TOO_LOW", role: "member", needed: ["owner", "moderator"] },
    });
    expect(granted(await update(ANN, "new"))).toMatchObject({ topic: "new", revision: 3 });
  });
});
