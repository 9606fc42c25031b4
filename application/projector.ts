import type { ChatroomId, Sequence } from "../domain/mod.ts";
import type { Clock, Directory, Memberships, RoomLog } from "./ports/mod.ts";

/** Carries what the log holds over to the rows of rooms and memberships. */
export interface Projector {
  /** Let everything of a room up to `upTo` take effect, in the log's order. */
  project(chatroomId: ChatroomId, upTo: Sequence): Promise<void>;
  /** Stop looking after what others left pending; resolves when nothing is under way. */
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
  const lines = new Map<ChatroomId, Promise<void>>();
  let seen: ReadonlyMap<ChatroomId, Sequence> = new Map();
  let closed = false;
  let sweeping: Promise<void> = Promise.resolve();
  let cancel = clock.after(SWEEP, sweepAndRepeat);

  /** One room is projected by one caller at a time, so that changes take effect in their order. */
  function project(chatroomId: ChatroomId, upTo: Sequence): Promise<void> {
    const previous = lines.get(chatroomId) ?? Promise.resolve();
    const turn = previous.catch(() => {}).then(() => projectPending(chatroomId, upTo));
    lines.set(chatroomId, turn);
    const forget = (): void => {
      if (lines.get(chatroomId) === turn) lines.delete(chatroomId);
    };
    turn.then(forget, forget);
    return turn;
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

  async function sweep(): Promise<void> {
    const pending = await log.pendingRooms(1_000);
    const left = [...pending.keys()].filter((id) => seen.has(id));
    seen = pending;
    // What stood pending at the last look has been so for a second of this node's own watching.
    await Promise.all(left.map((id) => project(id, pending.get(id) as Sequence)));
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
      await sweeping;
      await Promise.allSettled(lines.values());
    },
  };
}
