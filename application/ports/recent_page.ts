import type { ChatroomId, Message, RoomChange, Sequence } from "../../domain/mod.ts";

/** The newest messages of a room, as one consistent view. */
export interface Page {
  /** Oldest first; at most 100. */
  readonly messages: readonly Message[];
  /** Holds the newest messages up to here, none left out between them, and none beyond. */
  readonly asOf: Sequence;
}

/**
 * Keeps the newest page of rooms near at hand. It may forget at any time and may be old, but is never mixed, and never
 * goes back: a page is kept only if none of a later `asOf` is.
 */
export interface RecentPage {
  get(chatroomId: ChatroomId): Promise<Page | null>;
  keep(chatroomId: ChatroomId, page: Page): Promise<void>;
  /**
   * Carry a kept page on over changes that follow it without a hole, or that it holds already; where they do not, it
   * is forgotten.
   */
  advance(chatroomId: ChatroomId, changes: readonly RoomChange[]): Promise<void>;
}
