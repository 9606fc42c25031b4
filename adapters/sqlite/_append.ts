import type { Database } from "bun:sqlite";
import { and, eq, max, sql } from "drizzle-orm";
import type { Appended } from "../../application/mod.ts";
import type { ChatroomId, RoomChange, Sequence } from "../../domain/mod.ts";
import { BEGINNING, next } from "../../domain/mod.ts";
import { tablesOf } from "./_connection.ts";
import type { createProjections } from "./_projections.ts";
import { changeColumns, changeOf, changeOfDraft, type DraftRow } from "./_rows.ts";
import { placeholdersOf } from "./_statements.ts";
import { changes } from "./schema.ts";

/** What became of drafts: how many of them were written, and why the next was not. */
export interface AppendedCount {
  readonly count: number;
  readonly refused: Appended["refused"];
}

/** Writes drafts behind the head, with the rows that they alter. Called within a transaction of the only writer. */
export function createAppend(connection: Database, projections: ReturnType<typeof createProjections>) {
  const { head, known, insert } = prepare(connection);

  function append(chatroomId: ChatroomId, after: Sequence, drafts: readonly DraftRow[]): AppendedCount {
    const standing = head.get(chatroomId)?.sequence ?? BEGINNING;
    if (standing !== after && drafts.length > 0) return { count: 0, refused: { kind: "stale", head: standing } };
    let place = after;
    for (const [count, draft] of drafts.entries()) {
      place = next(place);
      // The place is free, so what is ignored is a key that stands.
      if (insert.run(chatroomId, place, ...draft).changes === 0) {
        return { count, refused: { kind: "known", change: knownAs(chatroomId, draft) } };
      }
      if (draft[1] !== "message_posted") project(changeOfDraft(draft, chatroomId, place));
    }
    return { count: drafts.length, refused: null };
  }

  function project(change: RoomChange): void {
    projections.projectChatroom(change);
    projections.projectMemberships(change);
  }

  function knownAs(chatroomId: ChatroomId, [key]: DraftRow): RoomChange {
    const row = known.get({ chatroomId, key });
    if (row === undefined) throw new Error(`a change of ${chatroomId} was refused although its key is free: ${key}`);
    return changeOf(row);
  }

  return append;
}

function prepare(connection: Database) {
  const tables = tablesOf(connection);
  const ofRoom = eq(changes.chatroomId, sql.placeholder("chatroomId"));
  const insert = tables
    .insert(changes)
    .values(placeholdersOf(changes))
    .onConflictDoNothing({ target: [changes.chatroomId, changes.key] });
  const head = tables
    .select({ sequence: max(changes.sequence).as("sequence") })
    .from(changes)
    .where(ofRoom);
  return {
    // Run without drizzle, which would cost a third of what can be written. Values go in the order of the columns.
    head: connection.prepare<{ sequence: Sequence | null }, [ChatroomId]>(head.toSQL().sql),
    insert: connection.prepare<unknown, [ChatroomId, Sequence, ...DraftRow]>(insert.toSQL().sql),
    known: tables
      .select(changeColumns)
      .from(changes)
      .where(and(ofRoom, eq(changes.key, sql.placeholder("key"))))
      .prepare(),
  };
}
