import type { ChangeKey, ChatroomId, Epoch, RoomChange, RoomChangeDraft, Sequence } from "../../domain/mod.ts";

/** Another writer was first: the room's log goes on to `head` already. */
export interface Stale {
  readonly kind: "stale";
  readonly head: Sequence;
}

/** The key of the refused draft stands in the log already, with this change. */
export interface Known {
  readonly kind: "known";
  readonly change: RoomChange;
}

/**
 * What became of drafts: the durable prefix, and why the very draft behind it was not written; the rest was not tried.
 */
export interface Appended {
  readonly written: readonly RoomChange[];
  readonly refused: Stale | Known | null;
}

/** Keeps each room's changes in the order of their sequence. Where sequences matter, the log decides. */
export interface RoomLog {
  /** Which life of the store this is; the same until the log is restored from a backup. */
  epoch(): Promise<Epoch>;

  /**
   * Write drafts at `after` + 1, + 2 … as long as each is the next of its room. What is answered as written is
   * durable, also through a crash of the machine. A draft that is refused leaves no trace, nor does any behind it:
   * never a hole, never a double. There is at least one draft, and no key twice. A draft at a place that is taken and with a key that stands may be called either.
   * If it throws, the outcome is unknown: a prefix may be written now, or yet come to be.
   */
  append(chatroomId: ChatroomId, after: Sequence, drafts: readonly RoomChangeDraft[]): Promise<Appended>;

  /**
   * The changes from `after` + 1 on, in order, at most `limit` (1 to 1,000). May lag behind what was just appended
   * elsewhere, and then answers fewer; never one out of its place.
   */
  read(chatroomId: ChatroomId, after: Sequence, limit: number): Promise<readonly RoomChange[]>;

  /** The newest change, or null if the room never was. Holds every append that was answered before this was asked. */
  head(chatroomId: ChatroomId): Promise<RoomChange | null>;

  /** The newest change of each of up to 1,000 rooms; those that never were are left out. May lag. */
  heads(chatroomIds: readonly ChatroomId[]): Promise<ReadonlyMap<ChatroomId, RoomChange>>;

  /** The changes that carry these keys (up to 1,000), in no order; as fresh as `head`. */
  byKeys(chatroomId: ChatroomId, keys: readonly ChangeKey[]): Promise<ReadonlyMap<ChangeKey, RoomChange>>;

  /** Of up to 1,000 rooms with a position each, those whose log has the next sequence. May lag. */
  ahead(positions: ReadonlyMap<ChatroomId, Sequence>): Promise<readonly ChatroomId[]>;

  /**
   * The changes up to `upTo` that are not yet projected, in order, at most `limit` (1 to 1,000). Empty for a store
   * that projects while it appends.
   */
  pending(chatroomId: ChatroomId, upTo: Sequence, limit: number): Promise<readonly RoomChange[]>;

  /** Up to `limit` (1 to 1,000) rooms that have changes not yet projected, each with the newest of them. */
  pendingRooms(limit: number): Promise<ReadonlyMap<ChatroomId, Sequence>>;

  /** Note that every change of the room up to `upTo` is projected. */
  settle(chatroomId: ChatroomId, upTo: Sequence): Promise<void>;
}
