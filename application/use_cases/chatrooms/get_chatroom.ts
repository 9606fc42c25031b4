import type {
  Chatroom,
  ChatroomId,
  Membership,
  Message,
  PlaceInvalid,
  PlaceText,
  Result,
  RoomChange,
  Sequence,
  Unavailable,
  UserId,
} from "../../../domain/mod.ts";
import {
  accepted,
  BEGINNING,
  formatPlace,
  judgeMembership,
  judgeRoom,
  parsePlace,
  refused,
  sequence,
} from "../../../domain/mod.ts";
import type { ReadingRefusal } from "../../_room_reading.ts";
import { untilFresh } from "../../_waiting.ts";
import type { Chat } from "../../chat.ts";
import type { Page } from "../../ports/mod.ts";

export interface GetChatroomInput {
  readonly readerId: UserId;
  readonly chatroomId: ChatroomId;
  /** A place that the snapshot must have reached, as events and commands name them. */
  readonly atLeast?: string | undefined;
}

/** What a member sees of a room, to go on from: observe from `asOf` and apply what comes. */
export interface ChatroomSnapshot {
  readonly chatroom: Chatroom;
  readonly membership: Membership;
  /** The newest messages, oldest first; at most {@link SNAPSHOT_MESSAGES}. */
  readonly messages: readonly Message[];
  /** All changes up to here are in the snapshot, and perhaps effects of later ones. Serves as `lastEventId`. */
  readonly asOf: PlaceText;
}

export const SNAPSHOT_MESSAGES = 50;

type Sources = Pick<Chat, "log" | "messages" | "directory" | "memberships" | "recentPage" | "clock" | "onFault">;
type Snapshot = Omit<ChatroomSnapshot, "asOf"> & { readonly asOf: Sequence };

/** Read a room, one's own membership and the newest messages as one snapshot. */
export async function getChatroom(
  chat: Sources,
  { readerId, chatroomId, atLeast }: GetChatroomInput,
): Promise<Result<ChatroomSnapshot, ReadingRefusal | PlaceInvalid | Unavailable>> {
  const place = atLeast === undefined ? null : parsePlace(atLeast);
  if (atLeast !== undefined && place === null) return refused({ code: "PLACE_INVALID", field: "atLeast" });
  const epoch = await chat.log.epoch();
  // A place of another life of the log is behind or ahead of nothing: its holder starts anew from what is there.
  const least = place?.epoch === epoch ? place.sequence : BEGINNING;
  const read = await untilFresh(
    chat.clock,
    () => readSnapshot(chat, chatroomId, readerId, least),
    (snapshot) => snapshot !== null && (!snapshot.ok || snapshot.value.asOf >= least),
  );
  if (read === null) return refused({ code: "UNAVAILABLE", outcome: "none" });
  return read.ok ? accepted({ ...read.value, asOf: formatPlace({ epoch, sequence: read.value.asOf }) }) : read;
}

/**
 * Read in the order that makes `asOf` true: the head, what is pending up to it, the rows, the messages. Had the
 * pending been read before the head, a change between them would be missing. Null where rows or messages lag.
 */
async function readSnapshot(
  chat: Sources,
  chatroomId: ChatroomId,
  userId: UserId,
  least: Sequence,
): Promise<Result<Snapshot, ReadingRefusal> | null> {
  const head = await chat.log.head(chatroomId);
  if (head === null) return refused({ code: "CHATROOM_MISSING", chatroomId });
  const [pending] = await chat.log.pending(chatroomId, head.sequence, 1);
  const [row, [own = null]] = await Promise.all([
    chat.directory.get(chatroomId),
    chat.memberships.get(chatroomId, [userId]),
  ]);
  const projected = pending ? pending.sequence - 1 : head.sequence;
  if (projected < least) return null;
  const chatroom = judgeRoom({ chatroomId, chatroom: row, membership: () => own }, userId);
  if (!chatroom.ok) return chatroom;
  const membership = judgeMembership(chatroomId, own);
  if (!membership.ok) return membership;
  const page = await newestPage(chat, head, least);
  if (page === null) return null;
  return accepted({
    chatroom: chatroom.value,
    membership: membership.value,
    messages: page.messages.slice(-SNAPSHOT_MESSAGES),
    asOf: sequence(Math.min(projected, page.asOf)),
  });
}

/** The page at hand, unless it is older than asked for or too old to be worth replaying from; otherwise a fresh one. */
async function newestPage(chat: Sources, head: RoomChange, least: Sequence): Promise<Page | null> {
  const { chatroomId, ordinal, sequence } = head;
  // What is only near at hand may be away: the log has it all.
  const kept = await chat.recentPage.get(chatroomId).catch(chat.onFault);
  if (kept && kept.asOf >= least && sequence - kept.asOf <= SNAPSHOT_MESSAGES) return kept;
  const first = Math.max(1, ordinal - SNAPSHOT_MESSAGES + 1);
  const messages = ordinal === 0 ? [] : await chat.messages.byOrdinal(chatroomId, first, ordinal);
  if (messages.length <= ordinal - first) return null;
  const page = { messages, asOf: sequence };
  chat.recentPage.keep(chatroomId, page).catch(chat.onFault);
  return page;
}
