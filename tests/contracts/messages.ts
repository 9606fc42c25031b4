import { expect } from "bun:test";
import type { Messages, RoomLog } from "../../application/mod.ts";
import type { ChatroomId, Message, MessageId, RoomChange } from "../../domain/mod.ts";
import { messageId, messageOf } from "../../domain/mod.ts";
import { created, NO_ROOM, OTHER_ROOM, OWNER, posted, posts, ROOM, texts } from "./_changes.ts";
import { fullHistory, history } from "./_history.ts";
import { ODD_TEXTS, ODD_USERS } from "./_odd_texts.ts";
import { write } from "./_room_log_support.ts";
import type { Case, Proofs, Setup } from "./_setup.ts";
import { casesOf, register } from "./_setup.ts";

/** Messages, and the log by which they come to be. */
export interface LogAndMessages {
  readonly log: RoomLog;
  readonly messages: Messages;
}

export function messagesCases(setup: Setup<LogAndMessages>): readonly Case[] {
  return casesOf(setup, proofs);
}

export function testMessages(setup: Setup<LogAndMessages>): void {
  register(messagesCases(setup));
}

/** The messages that a log has, in order. */
function messagesOf(changes: readonly RoomChange[]): readonly Message[] {
  return changes.flatMap((change) => (change.kind === "message_posted" ? [messageOf(change)] : []));
}

/** What `byIds` answers, brought into an order. */
async function byIds(messages: Messages, ids: readonly number[], room: ChatroomId = ROOM): Promise<readonly Message[]> {
  const found = await messages.byIds(room, ids.map(messageId));
  return found.toSorted((a, b) => a.sequence - b.sequence);
}

const proofs: Proofs<LogAndMessages> = {
  "byOrdinal() answers the messages from `from` to `to`, both included, in order": async ({ log, messages }) => {
    const { drafts, changes } = fullHistory();
    await write(log, 0, drafts);
    const all = messagesOf(changes);
    expect(all.map(({ ordinal }) => ordinal)).toEqual([1, 2, 3]);
    expect(await messages.byOrdinal(ROOM, 1, 3)).toStrictEqual([...all]);
    expect(await messages.byOrdinal(ROOM, 1, 1)).toStrictEqual(all.slice(0, 1));
    expect(await messages.byOrdinal(ROOM, 2, 3)).toStrictEqual(all.slice(1));
    expect(await messages.byOrdinal(ROOM, 3, 3)).toStrictEqual(all.slice(2));
  },

  "byOrdinal() answers those that there are of a range that goes beyond them": async ({ log, messages }) => {
    const changes = await write(log, 0, [created(), ...posts(["one", "two", "three"])]);
    const all = messagesOf(changes);
    expect(await messages.byOrdinal(ROOM, 2, 50)).toStrictEqual(all.slice(1));
    expect(await messages.byOrdinal(ROOM, -10, 1)).toStrictEqual(all.slice(0, 1));
    expect(await messages.byOrdinal(ROOM, 0, 0)).toStrictEqual([]);
    expect(await messages.byOrdinal(ROOM, 4, 50)).toStrictEqual([]);
    expect(await messages.byOrdinal(NO_ROOM, 1, 50)).toStrictEqual([]);
  },

  "byOrdinal() answers a thousand messages at once": async ({ log, messages }) => {
    const drafts = [created(), ...posts(texts(1_010))];
    const changes: RoomChange[] = [];
    for (let after = 0; after < drafts.length; after += 337) {
      changes.push(...(await write(log, after, drafts.slice(after, after + 337))));
    }
    const all = messagesOf(changes);
    expect(await messages.byOrdinal(ROOM, 5, 1_004)).toStrictEqual(all.slice(4, 1_004));
    expect(
      await byIds(
        messages,
        texts(1_000).map((_, index) => index + 2),
      ),
    ).toStrictEqual(all.slice(0, 1_000));
  },

  "byOrdinal() and byIds() keep the messages of rooms apart": async ({ log, messages }) => {
    const here = messagesOf(await write(log, 0, [created(), ...posts(["here", "and here"])]));
    const there = messagesOf(await write(log, 0, [created(), ...posts(["there"])], OTHER_ROOM));
    expect(await messages.byOrdinal(ROOM, 1, 10)).toStrictEqual([...here]);
    expect(await messages.byOrdinal(OTHER_ROOM, 1, 10)).toStrictEqual([...there]);
    expect(await byIds(messages, [2, 3])).toStrictEqual([...here]);
    expect(await byIds(messages, [2, 3], OTHER_ROOM)).toStrictEqual([...there]);
  },

  "byIds() answers the messages that the room has, and leaves out what is none": async ({ log, messages }) => {
    const { drafts, changes } = fullHistory();
    await write(log, 0, drafts);
    const all = messagesOf(changes);
    const sequences = changes.map(({ sequence }) => Number(sequence));
    expect(await byIds(messages, sequences)).toStrictEqual([...all]);
    expect(await byIds(messages, [...sequences, 0, 17, 999, 1_000_000].toReversed())).toStrictEqual([...all]);
    for (const message of all) expect(await byIds(messages, [message.id])).toStrictEqual([message]);
    expect(await byIds(messages, [])).toStrictEqual([]);
    expect(await byIds(messages, sequences, NO_ROOM)).toStrictEqual([]);
  },

  "byIds() holds every append that was answered before": async ({ log, messages }) => {
    let [head] = await write(log, 0, [created()]);
    for (let after = 1; after <= 20; after++) {
      [head] = await write(log, after, [posted(`${after}`, { after: head as RoomChange })]);
      expect(await messages.byIds(ROOM, [(after + 1) as MessageId])).toStrictEqual(messagesOf([head as RoomChange]));
    }
  },

  "byOrdinal() and byIds() give back every text and author as they were written": async ({ log, messages }) => {
    const room = history();
    room.creates(OWNER);
    for (const body of ODD_TEXTS) room.posts(OWNER, body);
    for (const user of ODD_USERS) {
      room.joins(user);
      room.posts(user, "here", messageId(2));
    }
    await write(log, 0, room.drafts);
    const all = messagesOf(room.changes);
    expect(await messages.byOrdinal(ROOM, 1, all.length)).toStrictEqual([...all]);
    expect(
      await byIds(
        messages,
        all.map(({ id }) => id),
      ),
    ).toStrictEqual([...all]);
  },
};
