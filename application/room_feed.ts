import type { ChatroomId, RoomChange, Sequence } from "../domain/mod.ts";
import { next, sequence } from "../domain/mod.ts";
import { pause } from "./_waiting.ts";
import type { Clock, RoomChangeBroker, RoomLog } from "./ports/mod.ts";

/** That the log has a hole before `resumesAt` that did not fill; what follows is whole from there on. */
export interface Damage {
  readonly kind: "damage";
  readonly resumesAt: Sequence;
}

/**
 * A node's one view of a room that someone observes here. It orders what the broker brings, drops doubles, fills
 * holes from the log, and keeps recent changes, so that a follower goes over from replay to live without a gap.
 */
export interface RoomFeed {
  /** The newest change that followers can have; all up to here are in the log or among the recent ones. */
  readonly position: Sequence;
  /** The changes that follow a place, in order, at most a page of them; empty if none is there yet. */
  after(place: Sequence): Promise<readonly RoomChange[] | Damage>;
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
/** How long a hole in the log, or a lagging read, is waited for, in milliseconds. */
const HOLE = 2_000;
const LAG = 5_000;

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
    const follows = position === null || change.sequence === position + 1;
    const isAhead = position === null || change.sequence > position;
    if (follows || (isAhead && early.size < RECENT)) early.set(change.sequence, change);
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

  /** Read on from the position until the log has no more and nothing announced is missing. */
  async function fillUp(): Promise<void> {
    for (let waited = 0, step = 5; !closed && waited <= LAG; ) {
      refill = false;
      const at = position as Sequence;
      const read = await log.read(chatroomId, at, PAGE);
      const whole = read[0] === undefined || read[0].sequence <= next(position as Sequence);
      if (whole) for (const change of read) take(change);
      if (position !== at) [waited, step] = [0, 5];
      else if (!whole && waited >= HOLE) jump(read[0] as RoomChange);
      if (announced <= (position as Sequence) && read.length < PAGE && !refill) return;
      if (position === at) {
        await pause(clock, step);
        waited += step;
        step = Math.min(step * 2, 250);
      }
    }
  }

  /** Give a hole up: followers before it are told, and go on behind it. */
  function jump(change: RoomChange): void {
    onFault(new Error(`the log of ${chatroomId} lacks what precedes ${change.sequence}`));
    recent = [];
    position = sequence(change.sequence - 1);
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
      if (place + 1 >= first) return recent.slice(place + 1 - first, place + 1 - first + PAGE);
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

/** A page of the log from behind `place`; a hole is waited for, and told where it stays. */
async function readWhole(
  { log, clock }: RoomFeedPorts,
  chatroomId: ChatroomId,
  place: Sequence,
): Promise<readonly RoomChange[] | Damage> {
  for (let waited = 0, step = 5; ; waited += step, step = Math.min(step * 2, 250)) {
    const read = await log.read(chatroomId, place, PAGE);
    const hole = read.findIndex((change, index) => change.sequence !== place + 1 + index);
    if (hole > 0) return read.slice(0, hole);
    if (hole === -1 && read.length > 0) return read;
    if (waited >= HOLE && hole === 0)
      return { kind: "damage", resumesAt: sequence((read[0] as RoomChange).sequence - 1) };
    if (waited >= LAG) return [];
    await pause(clock, step);
  }
}
