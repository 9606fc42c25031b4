/**
 * The roles that the use-cases need played. Each adapter of a port passes that port's contract suite.
 *
 * Every call settles: what a server does not answer in seconds rejects. A read lets the event loop turn before it
 * answers, now and then at least, so that whoever reads in a loop keeps nobody waiting.
 */
export type * from "./clock.ts";
export type * from "./directory.ts";
export type * from "./ids.ts";
export type * from "./memberships.ts";
export type * from "./messages.ts";
export type * from "./password_hasher.ts";
export type * from "./presence.ts";
export type * from "./profiles.ts";
export type * from "./rate_limits.ts";
export type * from "./recent_page.ts";
export type * from "./room_change_broker.ts";
export type * from "./room_log.ts";
export type * from "./session_store.ts";
export type * from "./sessions.ts";
export type * from "./users.ts";
