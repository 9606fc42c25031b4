import type { ChatroomId, RoomChange, Sequence } from "../domain/mod.ts";
import { next, sequence } from "../domain/mod.ts";
import { backOff, PATIENCE, pause } from "./_waiting.ts";
import type { Clock, RoomChangeBroker, RoomLog } from "./ports/mod.ts";

/** That the log skips what precedes a change, at least for now; `resumesAt` is the place just before that change. */
export interface Hole {
  readonly kind: "hole";
  readonly resumesAt: Sequence;
}

/**
 * A node's one view of a room that someone observes here. It orders what the broker brings, drops doubles, fills
 * holes from the log, and keeps recent changes, so that a follower goes over from replay to live without a gap.
 */
export interface RoomFeed {
  /** The newest change that followers can have; all up to here are in the log or among the recent ones. */
  readonly position: Sequence;
  /**
   * The changes that follow a place, in order and without a hole, at most a page of them. Empty if none can be had yet;
   * where that is because the log skips some, a hole.
   */
  after(place: Sequence): Promise<readonly RoomChange[] | Hole>;
  /** Call `wake` whenever there may be more, until the answered function is called. */
  follow(wake: () => void): () => void;
  /** Look into the log for what was not announced. */
  fill(): Promise<void>;
  close(): void;
}

export interface RoomFeedPorts {
  readonly log: RoomLog;
  readonly broker: RoomChangeBroker;
  readonly clock: Clock;
  readonly onFault: (fault: unknown) => void;
}

/** How many changes a feed keeps at hand, and how many it lets wait for those before them. */
const RECENT = 512;
const PAGE = 200;
/** About how many characters of text a page holds, so that many slow followers together hold little. */
const PAGE_TEXT = 32_768;
/** How long a hole in the log is waited for before it is given up, in milliseconds. */
export const HOLE_PATIENCE = 2_000;

/** Open a feed at the head of the room's log. */
export async function openRoomFeed(ports: RoomFeedPorts, chatroomId: ChatroomId): Promise<RoomFeed> {
  const { log, broker, clock, onFault } = ports;
  /** Changes that came before one that must precede them. */
  const early = new Map<Sequence, RoomChange>();
  const wakes = new Set<() => void>();
  let recent: RoomChange[] = [];
  let position: Sequence | null = null;
  let announced = 0;
  let filling: Promise<void> | null = null;
  let refill = false;
  let closed = false;

  function take(change: RoomChange): void {
    announced = Math.max(announced, change.sequence);
    const isNext = position !== null && change.sequence === position + 1;
    const isAhead = position === null || change.sequence > position;
    // What is not kept is read from the log when its turn comes.
    if (isNext || (isAhead && early.size < RECENT)) early.set(change.sequence, change);
    if (position !== null) advance();
  }

  /** Let in what follows the position without a hole; what still lies ahead wants a look into the log. */
  function advance(): void {
    const before = position;
    for (let change = early.get(next(position as Sequence)); change; change = early.get(next(position as Sequence))) {
      enter(change);
    }
    if (position !== before) for (const wake of wakes) wake();
    if (announced > (position as Sequence)) void fill();
  }

  function enter(change: RoomChange): void {
    early.delete(change.sequence);
    recent.push(change);
    if (recent.length >= 2 * RECENT) recent = recent.slice(-RECENT);
    position = change.sequence;
  }

  function fill(): Promise<void> {
    refill = true;
    filling ??= fillUp()
      .catch(onFault)
      .finally(() => {
        filling = null;
      });
    return filling;
  }

  /** Read on from the position until the log has no more and nothing announced is missing, or it lags for too long. */
  async function fillUp(): Promise<void> {
    for (let waited = 0, times = 0; !closed && waited <= PATIENCE; ) {
      refill = false;
      const at = position as Sequence;
      const read = await log.read(chatroomId, at, PAGE);
      const whole = read[0] === undefined || read[0].sequence <= next(position as Sequence);
      if (whole) for (const change of read) take(change);
      else if (waited >= HOLE_PATIENCE) jump(read[0] as RoomChange);
      if (announced <= (position as Sequence) && read.length < PAGE && !refill) return;
      if (position !== at) {
        [waited, times] = [0, 0];
        continue;
      }
      await pause(clock, backOff(times));
      waited += backOff(times++);
    }
  }

  /** Give a hole up: followers before it are told, and go on behind it. */
  function jump(change: RoomChange): void {
    onFault(new Error(`the log of ${chatroomId} lacks what precedes ${change.sequence}`));
    recent = [];
    position = sequence(change.sequence - 1);
    for (const place of early.keys()) if (place <= position) early.delete(place);
    take(change);
  }

  const stop = await broker.subscribe(chatroomId, {
    announced: take,
    interrupted: () => position !== null && void fill(),
  });
  try {
    const head = await log.head(chatroomId);
    position = sequence(head?.sequence ?? 0);
  } catch (fault) {
    stop();
    throw fault;
  }
  for (const place of early.keys()) if (place <= position) early.delete(place);
  advance();

  return {
    get position() {
      return position as Sequence;
    },
    async after(place) {
      const at = position as Sequence;
      if (place >= at) return [];
      const first = recent[0]?.sequence ?? next(at);
      if (place + 1 >= first) return light(recent, place + 1 - first);
      return readWhole(ports, chatroomId, place);
    },
    follow(wake) {
      wakes.add(wake);
      return () => void wakes.delete(wake);
    },
    fill,
    close() {
      closed = true;
      stop();
    },
  };
}

/** A page of the log from behind `place`, up to where it has a hole. */
async function readWhole(
  { log }: RoomFeedPorts,
  chatroomId: ChatroomId,
  place: Sequence,
): Promise<readonly RoomChange[] | Hole> {
  const read = await log.read(chatroomId, place, PAGE);
  const hole = read.findIndex((change, index) => change.sequence !== place + 1 + index);
  if (hole === 0) return { kind: "hole", resumesAt: sequence((read[0] as RoomChange).sequence - 1) };
  return light(hole < 0 ? read : read.slice(0, hole), 0);
}

/** Changes from an index on, at least one if there is one, and otherwise no more than a page may hold. */
function light(changes: readonly RoomChange[], from: number): readonly RoomChange[] {
  let end = from;
  for (let text = 0; end < changes.length && end - from < PAGE && text < PAGE_TEXT; end++) {
    const change = changes[end];
    text += change?.kind === "message_posted" ? change.body.length : 0;
  }
  return changes.slice(from, end);
}
