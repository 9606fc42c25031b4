import { expect } from "bun:test";
import type { Page, RecentPage } from "../../application/mod.ts";
import type { ChatroomId, RoomChange } from "../../domain/mod.ts";
import { messageId, messageOf, sequence } from "../../domain/mod.ts";
import { NO_ROOM, OTHER_ROOM, OWNER, ROOM, texts } from "./_changes.ts";
import { fullHistory, history } from "./_history.ts";
import { ODD_TEXTS, ODD_USERS } from "./_odd_texts.ts";
import type { Case, Proofs, Setup } from "./_setup.ts";
import { casesOf, register } from "./_setup.ts";

export function recentPageCases(setup: Setup<RecentPage>): readonly Case[] {
  return casesOf(setup, proofs);
}

export function testRecentPage(setup: Setup<RecentPage>): void {
  register(recentPageCases(setup));
}

/** The newest page of a room as of a place of its history. */
function pageAsOf(changes: readonly RoomChange[], asOf: number): Page {
  const messages = changes
    .slice(0, asOf)
    .flatMap((change) => (change.kind === "message_posted" ? [messageOf(change)] : []));
  return { messages: messages.slice(-100), asOf: sequence(asOf) };
}

/** A room whose history is of so many messages, each tenth change something else. */
function busy(length: number, room: ChatroomId = ROOM): readonly RoomChange[] {
  const busy = history(room);
  busy.creates(OWNER);
  for (let at = 2; at <= length; at++) {
    if (at % 10 === 0) busy.does(OWNER, { kind: "update_chatroom", topic: `as of ${at}` });
    else busy.posts(OWNER, `message at ${at}`);
  }
  return busy.changes;
}

const proofs: Proofs<RecentPage> = {
  "get() answers null where nothing was kept": async (recentPage) => {
    await recentPage.keep(ROOM, pageAsOf(busy(5), 5));
    expect(await recentPage.get(NO_ROOM)).toBeNull();
  },

  "get() answers the page that was kept, of each room its own": async (recentPage) => {
    const [here, there] = [pageAsOf(busy(130), 130), pageAsOf(busy(4, OTHER_ROOM), 4)];
    expect(here.messages).toHaveLength(100);
    await recentPage.keep(ROOM, here);
    await recentPage.keep(OTHER_ROOM, there);
    expect(await recentPage.get(ROOM)).toStrictEqual(here);
    expect(await recentPage.get(OTHER_ROOM)).toStrictEqual(there);
  },

  "get() answers an empty page that was kept": async (recentPage) => {
    await recentPage.keep(ROOM, { messages: [], asOf: sequence(1) });
    expect(await recentPage.get(ROOM)).toStrictEqual({ messages: [], asOf: sequence(1) });
  },

  "get() gives back every text and author as they were written": async (recentPage) => {
    const room = history();
    room.creates(OWNER);
    for (const body of ODD_TEXTS) room.posts(OWNER, body);
    for (const user of ODD_USERS) {
      room.joins(user);
      room.posts(user, "here", messageId(2));
    }
    const { changes } = room;
    for (const kept of [0, 10, changes.length]) {
      await recentPage.keep(ROOM, pageAsOf(changes, kept));
      await recentPage.advance(ROOM, changes.slice(kept));
      expect(await recentPage.get(ROOM)).toStrictEqual(pageAsOf(changes, changes.length));
    }
  },

  "keep() replaces a page of an earlier `asOf`": async (recentPage) => {
    const changes = busy(20);
    for (const asOf of [3, 4, 4, 20]) {
      await recentPage.keep(ROOM, pageAsOf(changes, asOf));
      expect(await recentPage.get(ROOM)).toStrictEqual(pageAsOf(changes, asOf));
    }
  },

  "keep() leaves a page of a later `asOf`": async (recentPage) => {
    const changes = busy(20);
    await recentPage.keep(ROOM, pageAsOf(changes, 12));
    for (const asOf of [11, 1, 9]) {
      await recentPage.keep(ROOM, pageAsOf(changes, asOf));
      expect(await recentPage.get(ROOM)).toStrictEqual(pageAsOf(changes, 12));
    }
    await recentPage.advance(ROOM, changes.slice(12, 15));
    await recentPage.keep(ROOM, pageAsOf(changes, 14));
    expect(await recentPage.get(ROOM)).toStrictEqual(pageAsOf(changes, 15));
  },

  "advance() carries a page on over the changes that follow it, messages and others": async (recentPage) => {
    const { changes } = fullHistory();
    await recentPage.keep(ROOM, pageAsOf(changes, 1));
    for (let asOf = 1; asOf < changes.length; asOf++) {
      await recentPage.advance(ROOM, changes.slice(asOf, asOf + 1));
      expect(await recentPage.get(ROOM)).toStrictEqual(pageAsOf(changes, asOf + 1));
    }
    await recentPage.keep(OTHER_ROOM, pageAsOf(fullHistory(OTHER_ROOM).changes, 2));
    await recentPage.advance(OTHER_ROOM, fullHistory(OTHER_ROOM).changes.slice(2));
    expect((await recentPage.get(OTHER_ROOM))?.messages.map(({ body }) => body)).toEqual([
      "안녕하세요",
      "welcome\n😀",
      "last words",
    ]);
  },

  "advance() keeps the newest 100 messages": async (recentPage) => {
    const changes = busy(400);
    await recentPage.keep(ROOM, pageAsOf(changes, 50));
    for (let asOf = 50; asOf < 400; asOf += 70) {
      await recentPage.advance(ROOM, changes.slice(asOf, asOf + 70));
      expect(await recentPage.get(ROOM)).toStrictEqual(pageAsOf(changes, asOf + 70));
    }
    await recentPage.keep(ROOM, pageAsOf(changes, 100));
    expect(await recentPage.get(ROOM)).toStrictEqual(pageAsOf(changes, 400));
  },

  "advance() forgets a page that the changes do not follow": async (recentPage) => {
    const changes = busy(20);
    for (const from of [11, 12, 19]) {
      await recentPage.keep(ROOM, pageAsOf(changes, 10));
      await recentPage.advance(ROOM, changes.slice(from));
      expect(await recentPage.get(ROOM)).toBeNull();
      // What follows what was forgotten does not bring it back.
      await recentPage.advance(ROOM, changes.slice(10));
      expect(await recentPage.get(ROOM)).toBeNull();
    }
    await recentPage.keep(ROOM, pageAsOf(changes, 5));
    expect(await recentPage.get(ROOM)).toStrictEqual(pageAsOf(changes, 5));
  },

  "advance() forgets a page where the changes have a hole among themselves": async (recentPage) => {
    const changes = busy(20);
    await recentPage.keep(ROOM, pageAsOf(changes, 10));
    await recentPage.advance(ROOM, [...changes.slice(10, 12), ...changes.slice(13, 15)]);
    expect(await recentPage.get(ROOM)).toBeNull();
  },

  "advance() over changes that the page holds already neither doubles them nor goes back": async (recentPage) => {
    const changes = busy(20);
    for (const [from, to] of [
      [9, 10],
      [0, 10],
      [3, 5],
      [8, 14],
    ] as const) {
      await recentPage.keep(ROOM, pageAsOf(changes, 10));
      await recentPage.advance(ROOM, changes.slice(from, to));
      const page = await recentPage.get(ROOM);
      // It may forget; what it answers is whole, and not older.
      if (page === null) continue;
      expect(page.asOf).toBeGreaterThanOrEqual(10);
      expect(page).toStrictEqual(pageAsOf(changes, page.asOf));
    }
  },

  "advance() alters nothing where nothing is kept, or nothing follows": async (recentPage) => {
    const changes = busy(20);
    await recentPage.advance(ROOM, changes);
    expect(await recentPage.get(ROOM)).toBeNull();
    await recentPage.keep(ROOM, pageAsOf(changes, 10));
    await recentPage.advance(ROOM, []);
    await recentPage.advance(OTHER_ROOM, busy(20, OTHER_ROOM).slice(15));
    expect(await recentPage.get(ROOM)).toStrictEqual(pageAsOf(changes, 10));
    expect(await recentPage.get(OTHER_ROOM)).toBeNull();
  },

  "get() answers a page that is whole, whatever goes on at once": async (recentPage) => {
    const changes = busy(300);
    await recentPage.keep(ROOM, pageAsOf(changes, 100));
    let newest = 0;
    const look = async (): Promise<void> => {
      const page = await recentPage.get(ROOM);
      if (page === null) return;
      expect(page).toStrictEqual(pageAsOf(changes, page.asOf));
      newest = Math.max(newest, page.asOf);
    };
    for (let asOf = 100; asOf < 300; asOf += 4) {
      await Promise.all([
        recentPage.advance(ROOM, changes.slice(asOf, asOf + 2)),
        look(),
        recentPage.keep(ROOM, pageAsOf(changes, asOf - 1)),
        recentPage.advance(ROOM, changes.slice(asOf + 2, asOf + 4)),
        look(),
        recentPage.keep(ROOM, pageAsOf(changes, asOf + 3)),
      ]);
      await look();
    }
    await recentPage.keep(ROOM, pageAsOf(changes, 300));
    await look();
    expect(newest).toBe(300);
  },

  "keep() of many pages at once leaves the one of the latest `asOf`": async (recentPage) => {
    const changes = busy(60);
    const places = texts(60).map((_, index) => ((index * 37) % 60) + 1);
    await Promise.all(places.map((asOf) => recentPage.keep(ROOM, pageAsOf(changes, asOf))));
    expect(await recentPage.get(ROOM)).toStrictEqual(pageAsOf(changes, 60));
  },
};
