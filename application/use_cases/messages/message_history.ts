import type { ChatroomId, Message, PlaceText, Result, Sequence, Unavailable, UserId } from "../../../domain/mod.ts";
import { accepted, formatPlace, refused, sequence } from "../../../domain/mod.ts";
import type { ReadingRefusal } from "../../_room_reading.ts";
import { readAsMember } from "../../_room_reading.ts";
import { untilFresh } from "../../_waiting.ts";
import type { Chat } from "../../chat.ts";

/** Which part of a room's messages: the newest, or those next to a sequence of the room's log. */
export interface MessageHistoryInput {
  readonly readerId: UserId;
  readonly chatroomId: ChatroomId;
  /** The last messages below this sequence. */
  readonly before?: Sequence | undefined;
  /** The first messages above this sequence. */
  readonly after?: Sequence | undefined;
  /** Messages on both sides of this sequence, the message that stands there among them. */
  readonly around?: Sequence | undefined;
  /** 1 to 100. */
  readonly limit: number;
}

export interface MessageHistory {
  /** Oldest first; fewer than `limit` only where the room has no more on that side. */
  readonly messages: readonly Message[];
  readonly asOf: PlaceText;
}

type Sources = Pick<Chat, "log" | "messages" | "directory" | "memberships" | "clock">;

/** Read a page of a room's messages. */
export async function messageHistory(
  chat: Sources,
  input: MessageHistoryInput,
): Promise<Result<MessageHistory, ReadingRefusal | Unavailable>> {
  const { readerId, chatroomId } = input;
  const reading = await readAsMember(chat, chatroomId, readerId);
  if (!reading.ok) return reading;
  const { head } = reading.value;
  const range = await rangeOf(chat, input, head);
  if (range === null) return refused({ code: "UNAVAILABLE", outcome: "none" });
  const messages = await messagesOf(chat, chatroomId, range);
  if (messages === null) return refused({ code: "UNAVAILABLE", outcome: "none" });
  return accepted({ messages, asOf: formatPlace({ epoch: await chat.log.epoch(), sequence: head.sequence }) });
}

/** First and last ordinal, both included; empty where last < first. */
type OrdinalRange = readonly [first: number, last: number];

/** The messages of a range that the room is known to have: a lagging read is repeated; null if it lags too long. */
async function messagesOf(
  { messages, clock }: Pick<Chat, "messages" | "clock">,
  chatroomId: ChatroomId,
  [first, last]: OrdinalRange,
): Promise<readonly Message[] | null> {
  if (last < first) return [];
  return untilFresh(
    clock,
    () => messages.byOrdinal(chatroomId, first, last),
    (read) => read.length === last - first + 1,
  );
}

async function rangeOf(
  chat: Sources,
  { chatroomId, before, after, around, limit }: MessageHistoryInput,
  head: { readonly sequence: Sequence; readonly ordinal: number },
): Promise<OrdinalRange | null> {
  const upTo = (place: number) => ordinalAt(chat, chatroomId, place, head);
  if (before !== undefined) {
    const last = await upTo(before - 1);
    return last === null ? null : [Math.max(1, last - limit + 1), last];
  }
  if (after !== undefined) {
    const below = await upTo(after);
    return below === null ? null : [below + 1, Math.min(head.ordinal, below + limit)];
  }
  if (around !== undefined) {
    const middle = await upTo(around);
    if (middle === null) return null;
    const last = Math.min(head.ordinal, Math.max(limit, middle + Math.floor(limit / 2)));
    return [Math.max(1, last - limit + 1), last];
  }
  return [Math.max(1, head.ordinal - limit + 1), head.ordinal];
}

/** How many messages the room had at a place; every change tells. Null where the log lags too long to say. */
async function ordinalAt(
  { log, clock }: Pick<Chat, "log" | "clock">,
  chatroomId: ChatroomId,
  place: number,
  head: { readonly sequence: Sequence; readonly ordinal: number },
): Promise<number | null> {
  if (place <= 0) return 0;
  if (place >= head.sequence) return head.ordinal;
  const read = await untilFresh(
    clock,
    () => log.read(chatroomId, sequence(place - 1), 1),
    (changes) => changes.length > 0,
  );
  return read?.[0]?.ordinal ?? null;
}
