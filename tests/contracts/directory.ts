import { expect } from "bun:test";
import type { Directory } from "../../application/mod.ts";
import type { Chatroom, ChatroomId, RoomChange } from "../../domain/mod.ts";
import { chatroomAfter, chatroomId, sequence } from "../../domain/mod.ts";
import { NO_ROOM, OTHER_ROOM, OWNER, ROOM, texts } from "./_changes.ts";
import { listProofs } from "./_directory_list.ts";
import { fullHistory, history } from "./_history.ts";
import { ODD_TEXTS, ODD_USERS } from "./_odd_texts.ts";
import { applyAgain, applyAll } from "./_projection_support.ts";
import type { Case, Proofs, Setup } from "./_setup.ts";
import { casesOf, register } from "./_setup.ts";

export function directoryCases(setup: Setup<Directory>): readonly Case[] {
  return casesOf(setup, { ...applyProofs, ...listProofs });
}

export function testDirectory(setup: Setup<Directory>): void {
  register(directoryCases(setup));
}

const byId = (rooms: readonly Chatroom[]) => rooms.toSorted((a, b) => (a.id < b.id ? -1 : 1));

const applyProofs: Proofs<Directory> = {
  "apply() lets each kind of change take effect on the room": async (directory) => {
    let expected: Chatroom | null = null;
    for (const change of fullHistory().changes) {
      await directory.apply(change);
      expected = chatroomAfter(expected, change);
      expect(await directory.get(ROOM)).toStrictEqual(expected);
    }
    expect(expected?.deletedAt).not.toBeNull();
  },

  "apply() again, or of a change before the last one, alters nothing": async (directory) => {
    const { changes } = fullHistory();
    for (let length = 1; length <= changes.length; length++) {
      const applied = changes.slice(0, length);
      await directory.apply(applied.at(-1) as RoomChange);
      await applyAgain(directory, applied);
      const expected = applied.reduce<Chatroom | null>(chatroomAfter, null);
      expect(await directory.get(ROOM)).toStrictEqual(expected);
    }
  },

  "apply() brings a room to its end however often and by however many it is done at once": async (directory) => {
    const room = fullHistory();
    await Promise.all(texts(6).map(() => applyAll(directory, room.changes)));
    expect(await directory.get(ROOM)).toStrictEqual(room.chatroom());
  },

  "apply() of one room leaves the others alone": async (directory) => {
    const [here, there] = [fullHistory(ROOM), fullHistory(OTHER_ROOM)];
    await applyAll(directory, here.changes);
    expect(await directory.get(OTHER_ROOM)).toBeNull();
    await applyAll(directory, there.changes.slice(0, 5));
    expect(await directory.get(ROOM)).toStrictEqual(here.chatroom());
    const expected = there.changes.slice(0, 5).reduce<Chatroom | null>(chatroomAfter, null);
    expect(await directory.get(OTHER_ROOM)).toStrictEqual(expected);
  },

  "get() answers null for a room that never was": async (directory) => {
    await applyAll(directory, fullHistory().changes);
    expect(await directory.get(NO_ROOM)).toBeNull();
  },

  "get() gives back every text and user as it was written": async (directory) => {
    const room = history();
    for (const [index, owner] of ODD_USERS.entries()) {
      const name = ODD_TEXTS[index % ODD_TEXTS.length] as string;
      const id = chatroomId(`room-${index}`);
      const begun = history(id);
      begun.creates(owner, { name: name.slice(0, 40), topic: name.slice(0, 400) });
      await applyAll(directory, begun.changes);
      expect(await directory.get(id)).toStrictEqual(begun.chatroom());
    }
    room.creates(OWNER);
    await applyAll(directory, room.changes);
    for (const text of ODD_TEXTS.filter(({ length }) => length <= 80)) {
      await directory.apply(room.does(OWNER, { kind: "update_chatroom", name: text, topic: `${text}.` }));
      expect(await directory.get(ROOM)).toStrictEqual(room.chatroom());
    }
  },

  "byIds() answers those rooms that there are, deleted ones included": async (directory) => {
    const [deleted, other] = [fullHistory(ROOM), history(OTHER_ROOM)];
    other.creates(OWNER);
    await applyAll(directory, [...deleted.changes, ...other.changes]);
    expect(await directory.byIds([])).toStrictEqual([]);
    expect(await directory.byIds([NO_ROOM])).toStrictEqual([]);
    expect(await directory.byIds([ROOM])).toStrictEqual([deleted.chatroom()]);
    const unknown: readonly ChatroomId[] = texts(998, "unknown").map(chatroomId);
    const found = await directory.byIds([...unknown, OTHER_ROOM, ROOM]);
    expect(byId(found)).toStrictEqual(byId([deleted.chatroom(), other.chatroom()]));
  },

  "apply() of a post alters nothing": async (directory) => {
    const room = history();
    await directory.apply(room.creates(OWNER));
    const before = room.chatroom();
    await directory.apply(room.posts(OWNER, "hello"));
    expect(await directory.get(ROOM)).toStrictEqual(before);
    expect(before.revision).toBe(sequence(1));
  },
};
