import { getTableColumns } from "drizzle-orm";
import type { Chatroom, ChatroomId, Message, RoomChange, RoomChangeDraft, Sequence } from "../../domain/mod.ts";
import { fold, messageOf } from "../../domain/mod.ts";
import { assertWellFormed } from "./_well_formed.ts";
import { changes, chatrooms } from "./schema.ts";

type Row = typeof changes.$inferSelect;

const { key: _key, ...withoutKey } = getTableColumns(changes);
const { nameFolded: _nameFolded, ...withoutFolded } = getTableColumns(chatrooms);

/** The columns that make a change, and those that make a room. */
export const changeColumns = withoutKey;
export const chatroomColumns = withoutFolded;

/** A draft as it travels to the Worker: the columns behind room and sequence, in the table's order. */
export type DraftRow = readonly [
  key: Row["key"],
  kind: Row["kind"],
  actorId: Row["actorId"],
  at: Row["at"],
  ordinal: number,
  memberCount: number,
  /** JSON. */
  fact: string,
  body: string | null,
];

export function draftRow(draft: RoomChangeDraft): DraftRow {
  if (draft.kind !== "message_posted") return rowOf(draft, null);
  const { body, ...rest } = draft;
  return rowOf(rest, body);
}

function rowOf(draft: Omit<RoomChangeDraft, "body">, body: string | null): DraftRow {
  const { key, kind, actorId, at, ordinal, memberCount, ...fact } = draft;
  assertWellFormed(fact);
  return [key, kind, actorId, at, ordinal, memberCount, JSON.stringify(fact), body];
}

/** The change that {@link draftRow} took apart, at its place. */
export function changeOfDraft(row: DraftRow, chatroomId: ChatroomId, sequence: Sequence): RoomChange {
  const [, kind, actorId, at, ordinal, memberCount, fact, body] = row;
  return changeOf({ chatroomId, sequence, kind, actorId, at, ordinal, memberCount, fact: JSON.parse(fact), body });
}

export function changeOf({ fact, body, ...circumstances }: Omit<Row, "key">): RoomChange {
  // Only what `draftRow` took apart is in the table, so together it is a change again.
  const change = { ...circumstances, ...fact, ...(body === null ? null : { body }) };
  return change as unknown as RoomChange;
}

/** The messages among changes. */
export function messagesOf(rows: readonly Omit<Row, "key">[]): readonly Message[] {
  return rows.flatMap((row) => {
    const change = changeOf(row);
    return change.kind === "message_posted" ? [messageOf(change)] : [];
  });
}

export function chatroomRow(chatroom: Chatroom): typeof chatrooms.$inferInsert {
  return { ...chatroom, nameFolded: fold(chatroom.name) };
}
