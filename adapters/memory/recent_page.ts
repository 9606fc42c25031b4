import type { Clock, Page, RecentPage } from "../../application/mod.ts";
import type { ChatroomId, RoomChange, Timestamp } from "../../domain/mod.ts";
import { messageOf, next } from "../../domain/mod.ts";
import { turn } from "./_turn.ts";

/** How long a page is kept, in milliseconds, whether or not it is carried on meanwhile. */
const LIFETIME = 600_000;
const MESSAGES = 100;

interface Kept {
  readonly page: Page;
  readonly keptAt: Timestamp;
}

/** Keeps pages of so many rooms at most; the one longest not asked for goes first. */
export class MemoryRecentPage implements RecentPage {
  readonly #clock: Clock;
  readonly #rooms: number;
  /** The room that was asked for last is last. */
  readonly #kept = new Map<ChatroomId, Kept>();

  constructor(clock: Clock, rooms = 1_000) {
    this.#clock = clock;
    this.#rooms = rooms;
  }

  async get(chatroomId: ChatroomId): Promise<Page | null> {
    await turn();
    const kept = this.#take(chatroomId);
    if (kept) this.#kept.set(chatroomId, kept);
    return kept?.page ?? null;
  }

  async keep(chatroomId: ChatroomId, page: Page): Promise<void> {
    await turn();
    const kept = this.#take(chatroomId);
    const newer = kept && kept.page.asOf > page.asOf ? kept : { page, keptAt: this.#clock.now() };
    this.#kept.set(chatroomId, newer);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.#rooms && oldest !== undefined) this.#kept.delete(oldest);
  }

  async advance(chatroomId: ChatroomId, changes: readonly RoomChange[]): Promise<void> {
    await turn();
    const kept = this.#kept.get(chatroomId);
    if (!kept) return;
    const page = changes.reduce(pageAfter, kept.page);
    if (page) this.#kept.set(chatroomId, { ...kept, page });
    else this.#kept.delete(chatroomId);
  }

  /** Take out what is kept of a room, unless that is over its time; a clock that jumped back ends it too. */
  #take(chatroomId: ChatroomId): Kept | null {
    const kept = this.#kept.get(chatroomId);
    this.#kept.delete(chatroomId);
    if (!kept) return null;
    const age = this.#clock.now() - kept.keptAt;
    return age >= 0 && age < LIFETIME ? kept : null;
  }
}

/** The page after a change, or null if the change does not follow it. What the page holds already alters nothing. */
function pageAfter(page: Page | null, change: RoomChange): Page | null {
  if (page === null || change.sequence <= page.asOf) return page;
  if (change.sequence !== next(page.asOf)) return null;
  if (change.kind !== "message_posted") return { ...page, asOf: change.sequence };
  return { messages: [...page.messages, messageOf(change)].slice(-MESSAGES), asOf: change.sequence };
}
