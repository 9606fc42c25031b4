/**
 * The embedded store: everything that a chat of one process keeps, in one file, by bun:sqlite. Whatever is answered as
 * written is on the disk.
 */
export { SqliteDirectory } from "./directory.ts";
export { SqliteMemberships } from "./memberships.ts";
export { SqliteMessages } from "./messages.ts";
export { SqliteProfiles } from "./profiles.ts";
export { SqliteRoomLog } from "./room_log.ts";
export { SqliteSessionStore } from "./session_store.ts";
export { openSqliteStore, type SqliteStore, type SqliteStoreOptions } from "./store.ts";
export { StoreUnusable, type UnusableReason } from "./store_unusable.ts";
export { SqliteUsers } from "./users.ts";
