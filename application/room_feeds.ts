import type { ChatroomId, RoomChange, Sequence } from "../domain/mod.ts";
import { backOff } from "./_waiting.ts";
import type { Clock } from "./ports/mod.ts";
import type { RoomFeed, RoomFeedPorts } from "./room_feed.ts";
import { HOLE_PATIENCE, openRoomFeed } from "./room_feed.ts";

/** That the log has a hole that did not fill; what follows is whole from behind `resumesAt` on. */
export interface Damage {
  readonly kind: "damage";
  readonly resumesAt: Sequence;
}

/** A node's feeds: one for each room that someone observes here. */
export interface RoomFeeds {
  /**
   * Follow a room from behind a place on: each change once, in order, until `signal` aborts. A follower holds a place
   * and no changes: one that is slow reads from the log what the feed no longer has at hand.
   */
  follow(chatroomId: ChatroomId, after: Sequence, signal: AbortSignal): AsyncGenerator<RoomChange | Damage, void>;
  /** End all that is followed. */
  close(): void;
}

/** How often positions are compared with the log, in milliseconds: a lost last announcement leaves no hole to see. */
const COMPARE = 1_000;
const FEEDS_A_READ = 1_000;

interface Shared {
  readonly opening: Promise<RoomFeed>;
  /** Null until it is open. */
  feed: RoomFeed | null;
  followers: number;
}

export function createRoomFeeds(ports: RoomFeedPorts): RoomFeeds {
  const { log, clock, onFault } = ports;
  const feeds = new Map<ChatroomId, Shared>();
  const closing = new AbortController();
  let cancel = clock.after(COMPARE, compareAndRepeat);

  function share(chatroomId: ChatroomId): Shared {
    const shared = feeds.get(chatroomId) ?? openShared(chatroomId);
    shared.followers++;
    feeds.set(chatroomId, shared);
    return shared;
  }

  function openShared(chatroomId: ChatroomId): Shared {
    const shared: Shared = { opening: openRoomFeed(ports, chatroomId), feed: null, followers: 0 };
    const opened = (feed: RoomFeed): void => {
      shared.feed = feed;
    };
    // Whoever follows is told of a failure; here it would only be told a second time.
    shared.opening.then(opened, () => {});
    return shared;
  }

  function letGo(chatroomId: ChatroomId, shared: Shared): void {
    if (--shared.followers > 0) return;
    feeds.delete(chatroomId);
    shared.opening.then(
      (feed) => feed.close(),
      () => {},
    );
  }

  async function* follow(
    chatroomId: ChatroomId,
    after: Sequence,
    signal: AbortSignal,
  ): AsyncGenerator<RoomChange | Damage, void> {
    const shared = share(chatroomId);
    const waiter = createWaiter(signal, closing.signal);
    let stop = (): void => {};
    try {
      const feed = await waiter.unlessEnded(shared.opening);
      if (feed === null) return;
      stop = feed.follow(waiter.wake);
      yield* changesOf(feed, after, waiter);
    } finally {
      stop();
      waiter.release();
      letGo(chatroomId, shared);
    }
  }

  /** Hand out what a feed has behind a place, and wait for more, until the waiter ends. */
  async function* changesOf(
    feed: RoomFeed,
    after: Sequence,
    waiter: Waiter,
  ): AsyncGenerator<RoomChange | Damage, void> {
    for (let place = after, waited = 0, times = 0; !waiter.ended(); ) {
      const found = (await feed.after(place).catch(onFault)) ?? [];
      const changes = "kind" in found ? [] : found;
      for (const change of changes) {
        if (waiter.ended()) return;
        yield change;
        place = change.sequence;
      }
      if (changes.length > 0) [waited, times] = [0, 0];
      else if (place >= feed.position) await waiter.woken();
      else if ("kind" in found && waited >= HOLE_PATIENCE) {
        if (waiter.ended()) return;
        yield { kind: "damage", resumesAt: found.resumesAt };
        [place, waited, times] = [found.resumesAt, 0, 0];
      } else {
        // The log lags behind what this feed has had of it: whoever is back there waits until it does no more.
        await waiter.sleep(clock, backOff(times));
        waited += backOff(times++);
      }
    }
  }

  async function compare(): Promise<void> {
    const open = [...feeds].flatMap(([id, { feed }]) => (feed ? [[id, feed] as const] : []));
    for (let start = 0; start < open.length; start += FEEDS_A_READ) {
      const some = new Map(open.slice(start, start + FEEDS_A_READ));
      const ahead = await log.ahead(new Map([...some].map(([id, { position }]) => [id, position])));
      for (const id of ahead) void some.get(id)?.fill();
    }
  }

  function compareAndRepeat(): void {
    void compare()
      .catch(onFault)
      .finally(() => {
        if (!closing.signal.aborted) cancel = clock.after(COMPARE, compareAndRepeat);
      });
  }

  return {
    follow,
    close() {
      closing.abort();
      cancel();
    },
  };
}

interface Waiter {
  ended(): boolean;
  wake(): void;
  /** Wait until it is woken, or ended. A wake while nobody waits is not lost. */
  woken(): Promise<void>;
  /** Wait for so many milliseconds, or until it is ended. */
  sleep(clock: Clock, milliseconds: number): Promise<void>;
  /** What `work` answers, or null if it is ended first. */
  unlessEnded<T>(work: Promise<T>): Promise<T | null>;
  release(): void;
}

/** Lets one follower wait until one of the signals ends it. */
function createWaiter(...signals: readonly AbortSignal[]): Waiter {
  let pending = false;
  let resume = (): void => {};
  let interrupt = (): void => {};
  const ended = (): boolean => signals.some(({ aborted }) => aborted);
  const end = (): void => {
    resume();
    interrupt();
  };
  for (const signal of signals) signal.addEventListener("abort", end);
  return {
    ended,
    wake() {
      pending = true;
      resume();
    },
    async woken() {
      while (!pending && !ended()) {
        await new Promise<void>((resolve) => {
          resume = resolve;
        });
      }
      pending = false;
    },
    async sleep(clock, milliseconds) {
      if (ended()) return;
      await new Promise<void>((resolve) => {
        const cancel = clock.after(milliseconds, resolve);
        interrupt = () => {
          cancel();
          resolve();
        };
      });
    },
    async unlessEnded(work) {
      if (ended()) return null;
      const over = new Promise<null>((resolve) => {
        interrupt = () => resolve(null);
      });
      return Promise.race([work, over]);
    },
    release() {
      for (const signal of signals) signal.removeEventListener("abort", end);
    },
  };
}
