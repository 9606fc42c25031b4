import type { ChatroomId, PlaceText, RoomChange, Sequence, UserId } from "../../domain/mod.ts";
import { next } from "../../domain/mod.ts";
import type { Caller, Client } from "./clients.ts";
import type { Random } from "./random.ts";
import type { Answered, PagesRecord, ProbeRecord, SnapshotRecord } from "./recording.ts";

/** Somebody who reads a room. */
export interface Reader {
  readonly name: string;
  readonly userId: UserId;
  readonly client: Client;
  readonly caller: Caller;
  readonly chatroomId: ChatroomId;
}

/** Read what somebody knows of already: history is read at the head of the log, so it has to be there. */
export async function probe(reader: Reader, sequence: Sequence, change: RoomChange | null): Promise<ProbeRecord> {
  const { name, client, caller, chatroomId } = reader;
  const input = { chatroomId, before: next(sequence), limit: 1 };
  const read = await caller.call((signal) => client.messages.history.query(input, { signal }));
  return { reader: name, sequence, change, read };
}

/** Read the room as one snapshot. */
export async function readSnapshot(reader: Reader, atLeast: PlaceText | null): Promise<SnapshotRecord> {
  const { name, userId, client, caller, chatroomId } = reader;
  const input = atLeast === null ? { chatroomId } : { chatroomId, atLeast };
  const read = await caller.call((signal) => client.chatrooms.get.query(input, { signal }));
  return { reader: name, userId, atLeast, read };
}

/** Page backwards from before a place to the beginning, by pages of sizes that chance chooses. */
export async function pageBackwards(reader: Reader, before: Sequence, random: Random): Promise<PagesRecord> {
  const { name, client, caller, chatroomId } = reader;
  const pages: PagesRecord["pages"][number][] = [];
  for (let place = before; ; ) {
    const input = { chatroomId, before: place, limit: random.between(1, 100) };
    const page = await caller.call((signal) => client.messages.history.query(input, { signal }));
    pages.push(page);
    const oldest = page.kind === "value" ? page.value.messages[0] : undefined;
    // A page is short only at the beginning. One that does not go back further would be asked for without end.
    if (page.kind !== "value" || page.value.messages.length < input.limit) break;
    if (oldest === undefined || oldest.sequence >= place) break;
    place = oldest.sequence;
  }
  return { reader: name, before, pages };
}

/** Read everyone who is a member. */
export async function readMembers({ client, caller, chatroomId }: Reader): Promise<Answered<readonly UserId[]>> {
  const userIds: UserId[] = [];
  for (let cursor: string | null = null; ; ) {
    const input: { chatroomId: ChatroomId; cursor: string | null; limit: number } = { chatroomId, cursor, limit: 100 };
    const page = await caller.call((signal) => client.chatrooms.members.query(input, { signal }));
    if (page.kind !== "value") return page;
    userIds.push(...page.value.members.map(({ membership }) => membership.userId));
    cursor = page.value.cursor;
    if (cursor === null) return { kind: "value", value: userIds };
  }
}
