import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type {
  ChangeKey,
  Chatroom,
  ChatroomId,
  Membership,
  RoomFact,
  Sequence,
  SessionId,
  Timestamp,
  UserId,
} from "../../domain/mod.ts";

/*
 * After a change here: `bun node_modules/.bin/drizzle-kit generate --config drizzle.sqlite.config.ts --name <what>`,
 * then add STRICT (and WITHOUT ROWID, where the key is text) to each CREATE TABLE, which drizzle-kit cannot say, and
 * list the file in `_migrations.ts`. Text is compared as bytes: BINARY is SQLite's own collation, and no column has
 * another.
 */

/** What is kept of a change beside its circumstances, its kind and its text. */
export type KeptFact = Readonly<Record<string, string | number | null>>;

/** The log. The text of a message is here and nowhere else, in a column of its own, so that it can be overwritten. */
export const changes = sqliteTable(
  "changes",
  {
    chatroomId: text("chatroom_id").$type<ChatroomId>().notNull(),
    sequence: integer("sequence").$type<Sequence>().notNull(),
    key: text("key").$type<ChangeKey>().notNull(),
    kind: text("kind").$type<RoomFact["kind"]>().notNull(),
    actorId: text("actor_id").$type<UserId>().notNull(),
    at: integer("at").$type<Timestamp>().notNull(),
    ordinal: integer("ordinal").notNull(),
    memberCount: integer("member_count").notNull(),
    fact: text({ mode: "json" }).$type<KeptFact>().notNull(),
    body: text("body"),
  },
  (table) => [
    primaryKey({ columns: [table.chatroomId, table.sequence] }),
    uniqueIndex("changes_key").on(table.chatroomId, table.key),
    index("changes_messages").on(table.chatroomId, table.ordinal).where(sql`kind = 'message_posted'`),
  ],
);

/** Rooms as they are after their log; written in the transaction of the change. */
export const chatrooms = sqliteTable(
  "chatrooms",
  {
    id: text("id").$type<ChatroomId>().primaryKey(),
    ownerId: text("owner_id").$type<UserId>().notNull(),
    name: text("name").notNull(),
    nameFolded: text("name_folded").notNull(),
    topic: text("topic").notNull(),
    capacity: integer("capacity").notNull(),
    memberCount: integer("member_count").notNull(),
    createdAt: integer("created_at").$type<Timestamp>().notNull(),
    deletedAt: integer("deleted_at").$type<Timestamp>(),
    revision: integer("revision").$type<Chatroom["revision"]>().notNull(),
  },
  (table) => [index("chatrooms_listed").on(table.nameFolded, table.id).where(sql`deleted_at is null`)],
);

/**
 * Memberships as they are after the log of their room, ended ones included; written in the transaction of the change.
 */
export const memberships = sqliteTable(
  "memberships",
  {
    chatroomId: text("chatroom_id").$type<ChatroomId>().notNull(),
    userId: text("user_id").$type<UserId>().notNull(),
    role: text("role").$type<Membership["role"]>().notNull(),
    joinedAt: integer("joined_at").$type<Timestamp>().notNull(),
    ended: text("ended").$type<NonNullable<Membership["ended"]>>(),
    revision: integer("revision").$type<Membership["revision"]>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.chatroomId, table.userId] }),
    index("memberships_of_chatroom").on(table.chatroomId, table.userId).where(sql`ended is null`),
    index("memberships_of_user").on(table.userId, table.chatroomId).where(sql`ended is null`),
  ],
);

/** Accounts of this chat; empty where a host keeps the users. */
export const users = sqliteTable(
  "users",
  {
    id: text("id").$type<UserId>().primaryKey(),
    username: text("username").notNull(),
    usernameFolded: text("username_folded").notNull(),
    displayName: text("display_name").notNull(),
    passwordHash: text("password_hash").notNull(),
    createdAt: integer("created_at").$type<Timestamp>().notNull(),
  },
  (table) => [uniqueIndex("users_username").on(table.usernameFolded)],
);

/** Sessions of the accounts here. `number` grows, so that sessions of one millisecond have an order as well. */
export const sessions = sqliteTable(
  "sessions",
  {
    number: integer("number").primaryKey(),
    id: text("id").$type<SessionId>().notNull(),
    userId: text("user_id").$type<UserId>().notNull(),
    createdAt: integer("created_at").$type<Timestamp>().notNull(),
    expiresAt: integer("expires_at").$type<Timestamp>().notNull(),
  },
  (table) => [
    uniqueIndex("sessions_id").on(table.id),
    index("sessions_of_user").on(table.userId, table.createdAt),
    index("sessions_expiring").on(table.expiresAt),
  ],
);

/** What there is one of: the `epoch`. */
export const meta = sqliteTable("meta", { name: text("name").primaryKey(), value: text("value").notNull() });
