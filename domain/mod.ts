/**
 * The rules of Sarangbang as data and pure functions: users, rooms, memberships, messages, and the log of changes
 * that a room is. Needs nothing of any runtime, so that server, client and tests share it.
 */
export * from "./chatroom.ts";
export * from "./decide.ts";
export * from "./ids.ts";
export * from "./membership.ts";
export * from "./message.ts";
export * from "./place.ts";
export * from "./refusals.ts";
export * from "./result.ts";
export * from "./room_change.ts";
export * from "./room_command.ts";
export * from "./room_event.ts";
export * from "./room_observer.ts";
export * from "./room_window.ts";
export * from "./text.ts";
export * from "./timestamp.ts";
export * from "./user.ts";
