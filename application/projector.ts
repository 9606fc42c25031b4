import type { ChatroomId, Sequence } from "../domain/mod.ts";
import { PATIENCE, within } from "./_waiting.ts";
import type { Clock, Directory, Memberships, RoomLog } from "./ports/mod.ts";

/** Carries what the log holds over to the rows of rooms and memberships. */
export interface Projector {
  /** Let everything of a room up to `upTo` take effect, in the log's order. */
  project(chatroomId: ChatroomId, upTo: Sequence): Promise<void>;
  /** Stop looking after what others left pending; resolves when nothing is under way, or it takes too long. */
  close(): Promise<void>;
}

export interface ProjectorPorts {
  readonly log: RoomLog;
  readonly directory: Directory;
  readonly memberships: Memberships;
  readonly clock: Clock;
  readonly onFault: (fault: unknown) => void;
}

/** How often to look for what has been left pending, in milliseconds: only what was pending a look before is taken up. */
const SWEEP = 1_000;
const PAGE = 100;

export function createProjector({ log, directory, memberships, clock, onFault }: ProjectorPorts): Projector {
  /** One room is projected by one caller at a time, so that changes take effect in their order. */
  const running = new Map<ChatroomId, Promise<void>>();
  /** What is asked of a room meanwhile is done together, afterwards. */
  const waiting = new Map<ChatroomId, { upTo: Sequence; readonly done: Promise<void> }>();
  let seen: ReadonlyMap<ChatroomId, Sequence> = new Map();
  let closed = false;
  let sweeping: Promise<void> = Promise.resolve();
  let cancel = clock.after(SWEEP, sweepAndRepeat);

  function project(chatroomId: ChatroomId, upTo: Sequence): Promise<void> {
    const next = waiting.get(chatroomId);
    if (next) {
      if (upTo > next.upTo) next.upTo = upTo;
      return next.done;
    }
    const current = running.get(chatroomId);
    return current ? projectAfter(current, chatroomId, upTo) : projectNow(chatroomId, upTo);
  }

  function projectAfter(current: Promise<void>, chatroomId: ChatroomId, upTo: Sequence): Promise<void> {
    const start = (): Promise<void> => {
      waiting.delete(chatroomId);
      return projectNow(chatroomId, entry.upTo);
    };
    const entry = { upTo, done: current.then(start, start) };
    waiting.set(chatroomId, entry);
    return entry.done;
  }

  function projectNow(chatroomId: ChatroomId, upTo: Sequence): Promise<void> {
    const work = projectPending(chatroomId, upTo).finally(() => {
      if (running.get(chatroomId) === work) running.delete(chatroomId);
    });
    running.set(chatroomId, work);
    return work;
  }

  async function projectPending(chatroomId: ChatroomId, upTo: Sequence): Promise<void> {
    for (;;) {
      const pending = await log.pending(chatroomId, upTo, PAGE);
      for (const change of pending) {
        await directory.apply(change);
        await memberships.apply(change);
      }
      const last = pending.at(-1);
      if (last) await log.settle(chatroomId, last.sequence);
      if (pending.length < PAGE) return;
    }
  }

  /** What stood pending at the last look has been so for a second of this node's own watching. */
  async function sweep(): Promise<void> {
    const pending = await log.pendingRooms(1_000);
    for (const [chatroomId, upTo] of pending) {
      if (seen.has(chatroomId) && !running.has(chatroomId)) project(chatroomId, upTo).catch(onFault);
    }
    seen = pending;
  }

  function sweepAndRepeat(): void {
    sweeping = sweep()
      .catch(onFault)
      .finally(() => {
        if (!closed) cancel = clock.after(SWEEP, sweepAndRepeat);
      });
  }

  return {
    project,
    async close() {
      closed = true;
      cancel();
      const underWay = () => [...running.values(), ...[...waiting.values()].map(({ done }) => done)];
      await within(clock, PATIENCE, Promise.allSettled([sweeping, ...underWay()]));
    },
  };
}
