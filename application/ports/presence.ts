import type { ChatroomId, UserId } from "../../domain/mod.ts";

/** Knows who is in a room now: the users who observe it with at least one connection. */
export interface Presence {
  /** Note that a connection of a user observes a room, until the answered function is called. */
  enter(chatroomId: ChatroomId, userId: UserId): Promise<() => Promise<void>>;
  /** Who is here, each user once, by id, compared by code point. */
  here(chatroomId: ChatroomId): Promise<readonly UserId[]>;
  /** Call `changed` soon after who is here has changed, until the answered function is called. It may not throw. */
  watch(chatroomId: ChatroomId, changed: () => void): Promise<() => void>;
}
