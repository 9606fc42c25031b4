import type { Appended, RoomLog } from "../../application/mod.ts";
import type { ChangeKey, ChatroomId, Epoch, RoomChange, RoomChangeDraft, Sequence } from "../../domain/mod.ts";
import { sequence } from "../../domain/mod.ts";
import type { MemoryRows } from "./_rows.ts";
import { changesOf, writeRow } from "./_rows.ts";
import { turn } from "./_turn.ts";
import type { NodeFaults } from "./faults.ts";
import { OutcomeUnknown } from "./faults.ts";

/**
 * A log in arrays. What it answers as written lasts as long as the process. Where a draft's key stands already, those
 * before it are written.
 */
export class MemoryRoomLog implements RoomLog {
  readonly #rows: MemoryRows;
  readonly #faults: NodeFaults;

  constructor(rows: MemoryRows, faults: NodeFaults) {
    this.#rows = rows;
    this.#faults = faults;
  }

  async epoch(): Promise<Epoch> {
    await turn();
    return this.#rows.epoch;
  }

  async append(chatroomId: ChatroomId, after: Sequence, drafts: readonly RoomChangeDraft[]): Promise<Appended> {
    await turn();
    const fault = this.#faults.takeLost(chatroomId, drafts.length);
    if (!fault) return this.#write(chatroomId, after, drafts);
    const { written, refused } = this.#write(chatroomId, after, drafts.slice(0, fault.written));
    const reached = sequence(after + written.length);
    fault.later(() => {
      if (refused === null) this.#write(chatroomId, reached, drafts.slice(fault.written));
    });
    throw new OutcomeUnknown(`an append to ${chatroomId} was made to fail after ${written.length} drafts`);
  }

  /** One step: nothing else happens between the first look at the head and the last write. */
  #write(chatroomId: ChatroomId, after: Sequence, drafts: readonly RoomChangeDraft[]): Appended {
    const head = changesOf(this.#rows, chatroomId).length;
    if (head !== after) return { written: [], refused: { kind: "stale", head: sequence(head) } };
    const written: RoomChange[] = [];
    for (const draft of drafts) {
      const change = this.#rows.logs.get(chatroomId)?.byKey.get(draft.key);
      if (change) return { written, refused: { kind: "known", change } };
      written.push(writeRow(this.#rows, chatroomId, draft));
    }
    return { written, refused: null };
  }

  async read(chatroomId: ChatroomId, after: Sequence, limit: number): Promise<readonly RoomChange[]> {
    await turn();
    return this.#seen(chatroomId).slice(after, after + limit);
  }

  async head(chatroomId: ChatroomId): Promise<RoomChange | null> {
    await turn();
    return changesOf(this.#rows, chatroomId).at(-1) ?? null;
  }

  async heads(chatroomIds: readonly ChatroomId[]): Promise<ReadonlyMap<ChatroomId, RoomChange>> {
    await turn();
    const heads = new Map<ChatroomId, RoomChange>();
    for (const chatroomId of chatroomIds) {
      const head = this.#seen(chatroomId).at(-1);
      if (head) heads.set(chatroomId, head);
    }
    return heads;
  }

  async byKeys(chatroomId: ChatroomId, keys: readonly ChangeKey[]): Promise<ReadonlyMap<ChangeKey, RoomChange>> {
    await turn();
    const found = new Map<ChangeKey, RoomChange>();
    for (const key of keys) {
      const change = this.#rows.logs.get(chatroomId)?.byKey.get(key);
      if (change) found.set(key, change);
    }
    return found;
  }

  async ahead(positions: ReadonlyMap<ChatroomId, Sequence>): Promise<readonly ChatroomId[]> {
    await turn();
    return [...positions]
      .filter(([chatroomId, position]) => this.#seen(chatroomId).length > position)
      .map(([chatroomId]) => chatroomId);
  }

  async pending(chatroomId: ChatroomId, upTo: Sequence, limit: number): Promise<readonly RoomChange[]> {
    await turn();
    const pending = this.#rows.logs.get(chatroomId)?.pending ?? [];
    return pending.filter((change) => change.sequence <= upTo).slice(0, limit);
  }

  async pendingRooms(limit: number): Promise<ReadonlyMap<ChatroomId, Sequence>> {
    await turn();
    const rooms = new Map<ChatroomId, Sequence>();
    for (const [chatroomId, { pending }] of this.#rows.logs) {
      const newest = pending.at(-1);
      if (newest && rooms.size < limit) rooms.set(chatroomId, newest.sequence);
    }
    return rooms;
  }

  async settle(chatroomId: ChatroomId, upTo: Sequence): Promise<void> {
    await turn();
    const log = this.#rows.logs.get(chatroomId);
    if (log) log.pending = log.pending.filter((change) => change.sequence > upTo);
  }

  /** What a read that may lag sees of a room. */
  #seen(chatroomId: ChatroomId): readonly RoomChange[] {
    const changes = changesOf(this.#rows, chatroomId);
    const seen = this.#faults.seen(chatroomId, changes.length);
    return seen < changes.length ? changes.slice(0, seen) : changes;
  }
}
