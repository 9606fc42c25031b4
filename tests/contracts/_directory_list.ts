import { expect } from "bun:test";
import type { Directory, DirectoryPosition } from "../../application/mod.ts";
import type { Chatroom } from "../../domain/mod.ts";
import { chatroomId, compareText, fold } from "../../domain/mod.ts";
import { OWNER } from "./_changes.ts";
import { fullHistory, type History, history } from "./_history.ts";
import { applyAll } from "./_projection_support.ts";
import type { Proofs } from "./_setup.ts";

/** Begin a room for each name, with ids whose order is not that of the names. */
async function rooms(directory: Directory, names: readonly string[]): Promise<readonly History[]> {
  const begun = names.map((name, index) => {
    const room = history(chatroomId(`${(index * 7_919) % 997}-${index}`));
    room.creates(OWNER, { name });
    return room;
  });
  await Promise.all(begun.map(({ changes }) => applyAll(directory, changes)));
  return begun;
}

function ordered(all: readonly History[]): readonly Chatroom[] {
  return all
    .map((room) => room.chatroom())
    .toSorted((a, b) => compareText(fold(a.name), fold(b.name)) || compareText(a.id, b.id));
}

function positionOf({ name, id }: Chatroom): DirectoryPosition {
  return { name: fold(name), id };
}

/** All pages of so many rooms, one after another. */
async function pages(directory: Directory, query: string, limit: number): Promise<readonly Chatroom[]> {
  const all: Chatroom[] = [];
  for (;;) {
    const last = all.at(-1);
    const page = await directory.list(query, last ? positionOf(last) : null, limit);
    expect(page.length).toBeLessThanOrEqual(limit);
    all.push(...page);
    if (page.length < limit) return all;
  }
}

/** In the order of UTF-16 units the astral names come before those of U+E000 to U+FFFF; by code point, behind. */
const NAMES = [
  "b",
  "B",
  "a",
  "A",
  "a",
  "Ab",
  "a b",
  "a-b",
  "a_b",
  "Z",
  "z",
  "Ä",
  "ä",
  "ss",
  "ß",
  "é",
  "é".normalize("NFD"),
  "사랑방",
  "사랑방",
  "ｆｕｌｌ",
  "full",
  "\uE000 private",
  "\uFFFD replacement",
  "😀 astral",
  "𝒳 folds",
  "\u{10FFFF}",
  "_",
  "~",
  " padded",
  "0",
  "10",
  "9",
];

export const listProofs: Proofs<Directory> = {
  "list() orders rooms by folded name, then by id, both by code point": async (directory) => {
    const all = await rooms(directory, NAMES);
    expect(await directory.list("", null, 1_000)).toStrictEqual(ordered(all));
  },

  "list() orders rooms of one name by id, by code point": async (directory) => {
    const ids = ["b", "B", "a", "A", "_", "-", "0", "aa", "a-", "Z"];
    const all = ids.map((id) => history(chatroomId(id)));
    for (const [index, room] of all.entries()) {
      room.creates(OWNER, { name: index % 2 === 0 ? "Same" : "sAME" });
      await applyAll(directory, room.changes);
    }
    const listed = await directory.list("", null, 1_000);
    expect(listed.map(({ id }) => String(id))).toEqual(ids.toSorted(compareText));
    for (const limit of [1, 3]) expect(await pages(directory, "same", limit)).toStrictEqual(listed);
  },

  "list() hands out pages without double or omission": async (directory) => {
    const all = await rooms(directory, NAMES);
    for (const limit of [1, 2, 7, 32, 33]) {
      expect(await pages(directory, "", limit)).toStrictEqual(ordered(all));
    }
  },

  "list() goes on behind a position although its room is gone": async (directory) => {
    const all = await rooms(directory, ["a", "b", "c", "d"]);
    const [a, b, c, d] = ordered(all) as [Chatroom, Chatroom, Chatroom, Chatroom];
    const [, deleted, renamed] = all as [History, History, History, History];
    await directory.apply(deleted.does(OWNER, { kind: "delete_chatroom" }));
    await directory.apply(renamed.does(OWNER, { kind: "update_chatroom", name: "0" }));
    expect(await directory.list("", positionOf(b), 10)).toStrictEqual([d]);
    expect(await directory.list("", positionOf(c), 10)).toStrictEqual([d]);
    expect((await directory.list("", positionOf(a), 10)).map(({ id }) => id)).toEqual([d.id]);
    const beyond = { name: "\u{10FFFF}\u{10FFFF}", id: chatroomId("z") };
    expect(await directory.list("", beyond, 10)).toStrictEqual([]);
    expect(await directory.list("", { name: "", id: chatroomId("") }, 1)).toHaveLength(1);
  },

  "list() answers rooms whose folded name contains the folded query": async (directory) => {
    const all = await rooms(directory, NAMES);
    for (const asked of ["a", "B", "SS", "é", "랑", "full", "ＦＵＬＬ", "X", "😀", " ", "1", "a b", "nothing"]) {
      const query = fold(asked);
      const expected = ordered(all).filter(({ name }) => fold(name).includes(query));
      expect(await directory.list(query, null, 1_000)).toStrictEqual(expected);
      expect(await pages(directory, query, 1)).toStrictEqual(expected);
    }
  },

  "list() takes every character of a query for itself": async (directory) => {
    const names = [
      "100%",
      "1000",
      "a_b",
      "axb",
      "a\\b",
      "a\\\\b",
      "it's",
      'say "hi"',
      "[a]",
      "a*",
      "a?",
      "^a$",
      ".",
      "a;--",
    ];
    const all = await rooms(directory, names);
    for (const query of [
      "%",
      "_",
      "\\",
      "\\\\",
      "'",
      '"',
      "[",
      "*",
      "?",
      "^",
      "$",
      ".",
      ";--",
      "0%",
      "%0",
      "a_b",
      "\\%",
    ]) {
      const expected = ordered(all).filter(({ name }) => fold(name).includes(query));
      expect(await directory.list(query, null, 1_000)).toStrictEqual(expected);
    }
  },

  "list() leaves out deleted rooms": async (directory) => {
    const deleted = fullHistory(chatroomId("deleted"));
    await applyAll(directory, deleted.changes.slice(0, -1));
    expect(await directory.list("", null, 10)).toHaveLength(1);
    const all = await rooms(directory, ["sarang", "sarang"]);
    await applyAll(directory, deleted.changes.slice(-1));
    expect(await directory.list("", null, 10)).toStrictEqual(ordered(all));
    expect(await directory.list("sarang", null, 10)).toStrictEqual(ordered(all));
    // A page is full although a deleted room would have been on it.
    expect(await directory.list("", null, 1)).toStrictEqual(ordered(all).slice(0, 1));
  },

  "list() follows a room that is renamed": async (directory) => {
    const all = await rooms(directory, ["first", "second", "third"]);
    const [renamed] = all as [History, History, History];
    await directory.apply(renamed.does(OWNER, { kind: "update_chatroom", name: "Zuletzt" }));
    expect(await directory.list("", null, 10)).toStrictEqual(ordered(all));
    expect(await directory.list("first", null, 10)).toStrictEqual([]);
    expect((await directory.list("zul", null, 10)).map(({ name }) => name)).toEqual(["Zuletzt"]);
  },

  "list() answers up to 1,000 rooms at once": async (directory) => {
    const all = await rooms(
      directory,
      Array.from({ length: 1_003 }, (_, index) => `room ${index % 400}`),
    );
    expect(await directory.list("", null, 1_000)).toStrictEqual(ordered(all).slice(0, 1_000));
    expect(await pages(directory, "", 1_000)).toStrictEqual(ordered(all));
  },
};
