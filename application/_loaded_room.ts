import type {
  Chatroom,
  ChatroomId,
  Membership,
  MessageId,
  Needs,
  RoomChange,
  RoomState,
  Sequence,
  UserId,
} from "../domain/mod.ts";
import { BEGINNING, chatroomAfter, membersAltered, membershipAfter, messageId, sequence } from "../domain/mod.ts";
import { untilFresh } from "./_waiting.ts";
import type { Clock, Directory, Memberships, Messages, RoomLog } from "./ports/mod.ts";

/** Where a room is read from. */
export interface RoomSources {
  readonly log: RoomLog;
  readonly messages: Messages;
  readonly directory: Directory;
  readonly memberships: Memberships;
  readonly clock: Clock;
}

/** The part of a room that deciding has looked at so far, all of it at one place of the log. */
export interface LoadedRoom extends RoomState {
  readonly sequence: Sequence;
  /** Let a change that follows take effect on what is loaded. */
  apply(change: RoomChange): void;
  /** What the room will be once drafts are written: changes applied to it leave the room itself as it is. */
  ahead(): RoomState & { apply(change: RoomChange): void };
}

/** How many memberships and messages a room may hold loaded before it is loaded anew. */
const MOST_LOADED = 4_096;

/** Names a log that does not answer what it must have by now. */
export class StaleReads extends Error {
  override readonly name = "StaleReads";
}

/**
 * Load what is needed of a room at the head of its log: on top of what is loaded already, or from nothing. Rows hold
 * all changes up to `asOf` and perhaps effects of later ones; the log from there on brings everything to one place.
 */
export async function loadRoom(
  sources: RoomSources,
  chatroomId: ChatroomId,
  loaded: LoadedRoom | null,
  { members, messages }: Needs,
): Promise<LoadedRoom> {
  const room = loaded && (loaded as Mutable).held() <= MOST_LOADED ? (loaded as Mutable) : emptyRoom(chatroomId);
  const lacking = {
    members: members.filter((id) => !room.members.has(id)),
    messages: messages.filter((id) => !room.messages.has(id)),
  };
  if (room === loaded && lacking.members.length === 0 && lacking.messages.length === 0) return room;
  const { log } = sources;
  const head = await log.head(chatroomId);
  if (head === null) {
    noteAbsent(room, lacking);
    return room;
  }
  const [pending] = await log.pending(chatroomId, head.sequence, 1);
  const asOf = pending ? sequence(pending.sequence - 1) : head.sequence;
  await fetchRows(sources, room, lacking, room !== loaded);
  const from = room === loaded && room.sequence < asOf ? room.sequence : asOf;
  await replay(sources, room, from, head);
  return room;
}

/** Bring what is loaded to a newer head. */
export async function catchUp(sources: RoomSources, room: LoadedRoom, head: RoomChange): Promise<void> {
  await replay(sources, room as Mutable, room.sequence, head);
}

async function fetchRows(sources: RoomSources, room: Mutable, lacking: Needs, cold: boolean): Promise<void> {
  const { chatroomId } = room;
  const [chatroom, memberships, messages] = await Promise.all([
    cold ? sources.directory.get(chatroomId) : room.chatroom,
    lacking.members.length > 0 ? sources.memberships.get(chatroomId, lacking.members) : [],
    lacking.messages.length > 0 ? sources.messages.byIds(chatroomId, lacking.messages) : [],
  ]);
  noteAbsent(room, lacking);
  room.chatroom = chatroom;
  for (const membership of memberships) room.members.set(membership.userId, membership);
  for (const message of messages) room.messages.set(message.id, true);
}

/** Know of what was looked for that it was not there, unless it is found. */
function noteAbsent(room: Mutable, lacking: Needs): void {
  for (const id of lacking.members) room.members.set(id, null);
  for (const id of lacking.messages) room.messages.set(id, false);
}

async function replay({ log, clock }: RoomSources, room: Mutable, from: Sequence, head: RoomChange): Promise<void> {
  let after = from;
  while (after < head.sequence) {
    const changes = await untilFresh(
      clock,
      () => log.read(room.chatroomId, after, 1_000),
      (read) => read.length > 0,
    );
    if (changes === null) throw new StaleReads(`the log of ${room.chatroomId} does not answer what follows ${after}`);
    for (const change of changes) room.apply(change);
    after = (changes.at(-1) as RoomChange).sequence;
  }
  // The head carries the counters, so that a cold room needs no other change to know them.
  room.settle(head);
}

interface Mutable extends LoadedRoom {
  chatroom: Chatroom | null;
  readonly members: Map<UserId, Membership | null>;
  readonly messages: Map<MessageId, boolean>;
  held(): number;
  settle(change: RoomChange): void;
}

function emptyRoom(chatroomId: ChatroomId): Mutable {
  const members = new Map<UserId, Membership | null>();
  const messages = new Map<MessageId, boolean>();
  const room = {
    chatroomId,
    chatroom: null as Chatroom | null,
    sequence: BEGINNING,
    ordinal: 0,
    members,
    messages,
    held: () => members.size + messages.size,
    membership: (id: UserId) => members.get(id) ?? null,
    hasMessage: (id: MessageId) => messages.get(id) ?? false,
    settle(change: RoomChange): void {
      if (change.sequence < room.sequence) return;
      room.sequence = change.sequence;
      room.ordinal = change.ordinal;
    },
    apply(change: RoomChange): void {
      room.chatroom = chatroomAfter(room.chatroom, change);
      for (const id of membersAltered(change)) {
        if (members.has(id)) members.set(id, membershipAfter(members.get(id) ?? null, id, change));
      }
      const posted = messageId(change.sequence);
      if (change.kind === "message_posted" && messages.has(posted)) messages.set(posted, true);
      room.settle(change);
    },
    ahead: () => roomAhead(room),
  };
  return room;
}

function roomAhead(room: RoomState): RoomState & { apply(change: RoomChange): void } {
  const members = new Map<UserId, Membership | null>();
  const posted = new Set<MessageId>();
  const membership = (id: UserId): Membership | null => members.get(id) ?? room.membership(id);
  const ahead = {
    chatroomId: room.chatroomId,
    chatroom: room.chatroom,
    ordinal: room.ordinal,
    membership,
    hasMessage: (id: MessageId) => posted.has(id) || room.hasMessage(id),
    apply(change: RoomChange): void {
      ahead.chatroom = chatroomAfter(ahead.chatroom, change);
      ahead.ordinal = change.ordinal;
      for (const id of membersAltered(change)) members.set(id, membershipAfter(membership(id), id, change));
      if (change.kind === "message_posted") posted.add(messageId(change.sequence));
    },
  };
  return ahead;
}
