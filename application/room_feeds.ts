import type { ChatroomId, RoomChange, Sequence } from "../domain/mod.ts";
import type { Damage, RoomFeed, RoomFeedPorts } from "./room_feed.ts";
import { openRoomFeed } from "./room_feed.ts";

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
  followers: number;
}

export function createRoomFeeds(ports: RoomFeedPorts): RoomFeeds {
  const { log, clock, onFault } = ports;
  const feeds = new Map<ChatroomId, Shared>();
  const closing = new AbortController();
  let cancel = clock.after(COMPARE, compareAndRepeat);

  function share(chatroomId: ChatroomId): Shared {
    const shared = feeds.get(chatroomId) ?? { opening: openRoomFeed(ports, chatroomId), followers: 0 };
    shared.followers++;
    feeds.set(chatroomId, shared);
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
      const feed = await shared.opening;
      stop = feed.follow(waiter.wake);
      for (let place = after; !waiter.ended(); ) {
        const changes = await feed.after(place);
        if ("kind" in changes) {
          yield changes;
          place = changes.resumesAt;
          continue;
        }
        for (const change of changes) {
          if (waiter.ended()) return;
          yield change;
          place = change.sequence;
        }
        if (changes.length === 0) await waiter.woken();
      }
    } finally {
      stop();
      waiter.release();
      letGo(chatroomId, shared);
    }
  }

  async function compare(): Promise<void> {
    const open = await Promise.all(
      [...feeds].map(async ([id, { opening }]) => [id, await opening.catch(() => null)] as const),
    );
    for (let start = 0; start < open.length; start += FEEDS_A_READ) {
      const some = new Map(open.slice(start, start + FEEDS_A_READ).flatMap(([id, feed]) => (feed ? [[id, feed]] : [])));
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

/** Lets one follower sleep until it is woken, or one of the signals ends it. A wake while awake is not lost. */
function createWaiter(...signals: readonly AbortSignal[]): Waiter {
  let pending = false;
  let resume = (): void => {};
  const ended = (): boolean => signals.some(({ aborted }) => aborted);
  const wake = (): void => {
    pending = true;
    resume();
  };
  for (const signal of signals) signal.addEventListener("abort", wake);
  return {
    wake,
    ended,
    async woken() {
      while (!pending && !ended()) {
        await new Promise<void>((resolve) => {
          resume = resolve;
        });
      }
      pending = false;
    },
    release() {
      for (const signal of signals) signal.removeEventListener("abort", wake);
    },
  };
}

interface Waiter {
  wake(): void;
  ended(): boolean;
  woken(): Promise<void>;
  release(): void;
}
