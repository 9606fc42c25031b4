import { describe, expect, test } from "bun:test";
import type { MessageHistoryInput } from "../../application/mod.ts";
import { changeRole, messageHistory, updateChatroom } from "../../application/mod.ts";
import type { ChatroomId, Message } from "../../domain/mod.ts";
import { sequence } from "../../domain/mod.ts";
import type { Node } from "./_chats.ts";
import { ANN, BORA, CHO, granted, join, kick, openRoom, passing, post, startNode } from "./_chats.ts";

/** A room in which messages and other changes mix, several of a kind in a row here and there, none at its head. */
async function mixedRoom(node: Node): Promise<{ readonly room: ChatroomId; readonly messages: readonly Message[] }> {
  const room = await openRoom(node);
  const messages: Message[] = [];
  for (const [index, act] of [..."mmtmjmmmttrmkmjtrkmmt"].entries()) {
    if (act === "m") messages.push(await post(node, room, `m${index}`, index % 2 ? ANN : BORA));
    if (act === "j") await join(node, room, CHO);
    if (act === "k") await kick(node, room, CHO);
    const ann = { actorId: ANN, chatroomId: room, requestId: null };
    if (act === "t") granted(await passing(node, updateChatroom(node.chat, { ...ann, topic: `${index}` })));
    const role = index < 15 ? "moderator" : "member";
    if (act === "r") granted(await passing(node, changeRole(node.chat, { ...ann, userId: BORA, role })));
  }
  return { room, messages };
}

type Side = "before" | "after" | "around";

/** The page as one would cut it out of all messages. */
function naive(messages: readonly Message[], side: Side, place: number, limit: number): readonly Message[] {
  const last = (some: readonly Message[], count: number) => some.slice(Math.max(0, some.length - count));
  const above = messages.filter((message) => message.sequence > place);
  if (side === "before") {
    const below = messages.filter((message) => message.sequence < place);
    return last(below, limit);
  }
  if (side === "after") return above.slice(0, limit);
  const upTo = messages.filter((message) => message.sequence <= place);
  const right = above.slice(0, Math.max(Math.floor(limit / 2), limit - upTo.length));
  return [...last(upTo, limit - right.length), ...right];
}

describe("messageHistory()", () => {
  test("cuts the page that is asked for, at every place of the room", async () => {
    const node = startNode();
    const { room, messages } = await mixedRoom(node);
    const head = 2 + 21;
    for (const side of ["before", "after", "around"] as const) {
      for (const limit of [1, 2, 3, 4, 7, 11, 100]) {
        for (let place = 0; place <= head + 2; place++) {
          const input: MessageHistoryInput = { readerId: BORA, chatroomId: room, [side]: sequence(place), limit };
          const page = granted(await passing(node, messageHistory(node.chat, input)));
          const cut = naive(messages, side, place, limit).map((message) => message.sequence);
          expect({ side, limit, place, page: page.messages.map((message) => message.sequence) }).toEqual({
            side,
            limit,
            place,
            page: cut,
          });
          expect<string>(page.asOf).toBe(`memory00.${head}`);
        }
      }
    }
  });

  test("answers the newest messages where no place is named, as they were posted", async () => {
    const node = startNode();
    const { room, messages } = await mixedRoom(node);
    for (const limit of [1, 5, messages.length, 100]) {
      const page = messageHistory(node.chat, { readerId: BORA, chatroomId: room, limit });
      expect(granted(await passing(node, page)).messages).toEqual(messages.slice(-limit));
    }
  });

  test("goes through all messages page by page, without double or omission", async () => {
    const node = startNode();
    const { room, messages } = await mixedRoom(node);
    const backwards: Message[] = [];
    for (let before = sequence(99); ; before = backwards[0]?.sequence ?? sequence(0)) {
      const page = messageHistory(node.chat, { readerId: BORA, chatroomId: room, before, limit: 4 });
      const older = granted(await passing(node, page)).messages;
      if (older.length === 0) break;
      backwards.unshift(...older);
    }
    expect(backwards).toEqual([...messages]);
  });
});
