import type {
  ChangeKey,
  Chatroom,
  ChatroomId,
  Epoch,
  Membership,
  RoomChange,
  RoomChangeDraft,
  UserId,
} from "../../domain/mod.ts";
import { chatroomAfter, isProjected, membersAltered, membershipAfter, placed, sequence } from "../../domain/mod.ts";

/** The log of one room: the change of sequence n is at n - 1. */
interface LogRows {
  readonly changes: RoomChange[];
  readonly byKey: Map<ChangeKey, RoomChange>;
  /** What is not yet projected, in order. */
  pending: RoomChange[];
}

/** Everything that a store keeps; nodes that share a store share its rows. */
export interface MemoryRows {
  readonly epoch: Epoch;
  readonly projection: "within" | "later";
  readonly logs: Map<ChatroomId, LogRows>;
  readonly chatrooms: Map<ChatroomId, Chatroom>;
  readonly memberships: Map<ChatroomId, Map<UserId, Membership>>;
}

export function emptyRows({ epoch, projection }: Pick<MemoryRows, "epoch" | "projection">): MemoryRows {
  return { epoch, projection, logs: new Map(), chatrooms: new Map(), memberships: new Map() };
}

/** The changes of a room, none if it never was. */
export function changesOf(rows: MemoryRows, chatroomId: ChatroomId): readonly RoomChange[] {
  return rows.logs.get(chatroomId)?.changes ?? [];
}

/** Write a draft at the end of its room's log, with its effects if those belong to the same step. */
export function writeRow(rows: MemoryRows, chatroomId: ChatroomId, draft: RoomChangeDraft): RoomChange {
  const log: LogRows = rows.logs.get(chatroomId) ?? { changes: [], byKey: new Map(), pending: [] };
  rows.logs.set(chatroomId, log);
  const change = placed(draft, chatroomId, sequence(log.changes.length + 1));
  log.changes.push(change);
  log.byKey.set(draft.key, change);
  if (!isProjected(change)) return change;
  if (rows.projection === "later") {
    log.pending.push(change);
  } else {
    applyToDirectory(rows, change);
    applyToMemberships(rows, change);
  }
  return change;
}

export function applyToDirectory(rows: MemoryRows, change: RoomChange): void {
  const chatroom = chatroomAfter(rows.chatrooms.get(change.chatroomId) ?? null, change);
  if (chatroom) rows.chatrooms.set(change.chatroomId, chatroom);
}

export function applyToMemberships(rows: MemoryRows, change: RoomChange): void {
  const members = rows.memberships.get(change.chatroomId) ?? new Map<UserId, Membership>();
  rows.memberships.set(change.chatroomId, members);
  for (const userId of membersAltered(change)) {
    const membership = membershipAfter(members.get(userId) ?? null, userId, change);
    if (membership) members.set(userId, membership);
  }
}
