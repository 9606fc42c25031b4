import { describe, expect, test } from "bun:test";
import {
  deleteChatroom,
  getChatroom,
  getMessage,
  listMembers,
  messageHistory,
  observeChatroom,
  whoIsHere,
} from "../../application/mod.ts";
import type { ChatroomId, MessageId, Result, UserId } from "../../domain/mod.ts";
import { chatroomId, messageId } from "../../domain/mod.ts";
import type { Node } from "./_chats.ts";
import { ANN, BORA, CHO, granted, kick, openRoom, passing, post, startNode } from "./_chats.ts";

type Reading = (node: Node, readerId: UserId, chatroomId: ChatroomId) => Promise<Result<unknown, unknown>>;

const { signal } = new AbortController();

/** All that is told of the inside of a room; message 3 is in it. */
const readings: Readonly<Record<string, Reading>> = {
  getChatroom: ({ chat }, readerId, chatroomId) => getChatroom(chat, { readerId, chatroomId }),
  getMessage: ({ chat }, readerId, chatroomId) => getMessage(chat, { readerId, chatroomId, messageId: messageId(3) }),
  listMembers: ({ chat }, readerId, chatroomId) => listMembers(chat, { readerId, chatroomId, cursor: null, limit: 10 }),
  messageHistory: ({ chat }, readerId, chatroomId) => messageHistory(chat, { readerId, chatroomId, limit: 10 }),
  observeChatroom: ({ chat }, observerId, chatroomId) => observeChatroom(chat, { observerId, chatroomId, signal }),
  whoIsHere: ({ chat }, observerId, chatroomId) => whoIsHere(chat, { observerId, chatroomId, signal }),
};

for (const [name, reading] of Object.entries(readings)) {
  describe(`${name}()`, () => {
    test("tells members only", async () => {
      const node = startNode();
      const other = startNode({}, node);
      const room = await openRoom(node);
      await post(node, room, "between us");
      const ask = async (readerId: UserId, id = room): Promise<unknown> => {
        const [here, there] = [reading(node, readerId, id), reading(other, readerId, id)];
        const [answer, same] = await passing(node, Promise.all([here, there]));
        if (answer?.ok && same?.ok) return "told";
        expect(same).toEqual(answer as typeof same);
        return answer?.ok ? "told" : answer?.error;
      };
      expect(await ask(BORA)).toBe("told");
      expect(await ask(CHO)).toEqual({ code: "NOT_A_MEMBER", chatroomId: room });
      const missing = chatroomId("missing");
      expect(await ask(BORA, missing)).toEqual({ code: "CHATROOM_MISSING", chatroomId: missing });
      await kick(node, room, BORA);
      expect(await ask(BORA)).toEqual({ code: "MEMBERSHIP_ENDED", reason: "kicked", sequence: 4 });
      granted(await passing(node, deleteChatroom(node.chat, { actorId: ANN, chatroomId: room, requestId: null })));
      expect(await ask(ANN)).toEqual({ code: "CHATROOM_DELETED", chatroomId: room });
      expect(await ask(CHO)).toEqual({ code: "CHATROOM_MISSING", chatroomId: room });
    });
  });
}

describe("getMessage()", () => {
  test("reads the one message that is asked for, and takes no other change for one", async () => {
    const node = startNode();
    const room = await openRoom(node);
    const posted = [await post(node, room, "first"), await post(node, room, "second", BORA)];
    const get = (id: MessageId) => getMessage(node.chat, { readerId: BORA, chatroomId: room, messageId: id });
    for (const message of posted) expect(granted(await passing(node, get(message.id)))).toEqual(message);
    for (const id of [1, 2, 5].map(messageId)) {
      expect<unknown>(await passing(node, get(id))).toEqual({
        ok: false,
        error: { code: "MESSAGE_MISSING", messageId: id },
      });
    }
  });
});
