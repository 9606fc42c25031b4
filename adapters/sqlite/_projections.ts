import { and, eq, sql } from "drizzle-orm";
import type { RoomChange } from "../../domain/mod.ts";
import { chatroomAfter, membersAltered, membershipAfter } from "../../domain/mod.ts";
import type { Tables } from "./_connection.ts";
import { chatroomColumns, chatroomRow } from "./_rows.ts";
import { placeholdersOf, replacing } from "./_statements.ts";
import { chatrooms, memberships } from "./schema.ts";

/** Lets changes take effect on the rows, by the domain's own rules. Called within a transaction. */
export function createProjections(tables: Tables) {
  const statements = prepare(tables);

  function projectChatroom(change: RoomChange): void {
    const before = statements.chatroom.get({ id: change.chatroomId }) ?? null;
    const after = chatroomAfter(before, change);
    if (after !== null && after !== before) statements.putChatroom.run({ ...chatroomRow(after) });
  }

  function projectMemberships(change: RoomChange): void {
    const { chatroomId } = change;
    for (const userId of membersAltered(change)) {
      const before = statements.membership.get({ chatroomId, userId }) ?? null;
      const after = membershipAfter(before, userId, change);
      if (after !== null && after !== before) statements.putMembership.run({ ...after });
    }
  }

  return { projectChatroom, projectMemberships };
}

function prepare(tables: Tables) {
  const { chatroomId, userId } = memberships;
  const ofRoom = eq(chatroomId, sql.placeholder("chatroomId"));
  return {
    chatroom: tables
      .select(chatroomColumns)
      .from(chatrooms)
      .where(eq(chatrooms.id, sql.placeholder("id")))
      .prepare(),
    putChatroom: tables
      .insert(chatrooms)
      .values(placeholdersOf(chatrooms))
      .onConflictDoUpdate({ target: chatrooms.id, set: replacing(chatrooms) })
      .prepare(),
    membership: tables
      .select()
      .from(memberships)
      .where(and(ofRoom, eq(userId, sql.placeholder("userId"))))
      .prepare(),
    putMembership: tables
      .insert(memberships)
      .values(placeholdersOf(memberships))
      .onConflictDoUpdate({ target: [chatroomId, userId], set: replacing(memberships) })
      .prepare(),
  };
}
