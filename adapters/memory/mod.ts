/** Every port within one process, as plainly as can be: the model that other adapters are compared with. */
export * from "./clock.ts";
export * from "./directory.ts";
export type { LostAppend, MemoryFaults, Release } from "./faults.ts";
export { OutcomeUnknown } from "./faults.ts";
export * from "./ids.ts";
export * from "./memberships.ts";
export * from "./messages.ts";
export * from "./presence.ts";
export * from "./profiles.ts";
export * from "./rate_limits.ts";
export * from "./recent_page.ts";
export * from "./room_change_broker.ts";
export * from "./room_log.ts";
export * from "./session_store.ts";
export * from "./store.ts";
export * from "./users.ts";
