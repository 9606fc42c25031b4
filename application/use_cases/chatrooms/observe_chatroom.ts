import type {
  ChatroomDeletedRefusal,
  ChatroomId,
  MembershipEnded,
  PlaceInvalid,
  PlaceText,
  Reset,
  Result,
  RoomChange,
  RoomEvent,
  Sequence,
  Unavailable,
  UserId,
} from "../../../domain/mod.ts";
import { accepted, formatPlace, parsePlace, refused } from "../../../domain/mod.ts";
import type { ReadingRefusal } from "../../_room_reading.ts";
import { readAsMember } from "../../_room_reading.ts";
import type { Chat } from "../../chat.ts";

export interface ObserveChatroomInput {
  readonly observerId: UserId;
  readonly chatroomId: ChatroomId;
  /** The place to go on behind: that of the last event, or a snapshot's `asOf`. Without one, from now on. */
  readonly lastEventId?: string | undefined;
  /** Ends the observation when it aborts. */
  readonly signal: AbortSignal;
}

/** An event and the place to resume behind it. */
export interface Observed {
  readonly place: PlaceText;
  readonly event: RoomEvent;
}

/** Why an observation ended by itself: what ends it is the last that it yields. */
export type ObservationEnd = MembershipEnded | ChatroomDeletedRefusal;

/** Yields each change once, in order; returns why it ended, or nothing if its signal aborted. */
export type Observation = AsyncGenerator<Observed, ObservationEnd | undefined>;

/** How many changes are replayed at most; who lies further back reads the snapshot anew. */
const LONGEST_REPLAY = 10_000;

type Sources = Pick<Chat, "log" | "messages" | "directory" | "memberships" | "feeds" | "presence" | "clock">;

/**
 * Observe a room: first a cursor (or a reset), then its changes. Membership is judged once, at the head of the log;
 * an ending of it, or of the room, that comes later in the log ends the observation before anything behind it is told.
 */
export async function observeChatroom(
  chat: Sources,
  { observerId, chatroomId, lastEventId, signal }: ObserveChatroomInput,
): Promise<Result<Observation, ReadingRefusal | PlaceInvalid | Unavailable>> {
  const asked = lastEventId === undefined ? undefined : parsePlace(lastEventId);
  if (asked === null) return refused({ code: "PLACE_INVALID", field: "lastEventId" });
  const reading = await readAsMember(chat, chatroomId, observerId);
  if (!reading.ok) return reading;
  const head = reading.value.head.sequence;
  const epoch = await chat.log.epoch();
  const reset = asked && reasonToReset(asked, { epoch, sequence: head });
  const from = asked && !reset ? asked.sequence : head;

  async function* observation(): Observation {
    const leave = await chat.presence.enter(chatroomId, observerId);
    const at = (sequence: Sequence): PlaceText => formatPlace({ epoch, sequence });
    try {
      yield { place: at(from), event: reset ? { kind: "reset", reason: reset } : { kind: "cursor" } };
      for await (const change of chat.feeds.follow(chatroomId, from, signal)) {
        if (change.kind === "damage") {
          yield { place: at(change.resumesAt), event: { kind: "reset", reason: "damaged" } };
          continue;
        }
        yield { place: at(change.sequence), event: change };
        // What happened before the membership was judged is history, replayed as such.
        const end = change.sequence > head ? endOf(change, observerId) : undefined;
        if (end) return end;
      }
      return undefined;
    } finally {
      await leave();
    }
  }
  return accepted(observation());
}

/** Why what follows a place cannot be replayed, or null if it can. */
function reasonToReset(
  asked: { readonly epoch: string; readonly sequence: Sequence },
  head: { readonly epoch: string; readonly sequence: Sequence },
): Reset["reason"] | null {
  if (asked.epoch !== head.epoch) return "epoch";
  if (asked.sequence > head.sequence) return "ahead";
  return head.sequence - asked.sequence > LONGEST_REPLAY ? "behind" : null;
}

/** How a change ends what a user may observe, if it does. */
export function endOf(change: RoomChange, userId: UserId): ObservationEnd | undefined {
  const { kind, chatroomId, sequence } = change;
  if (kind === "chatroom_deleted") return { code: "CHATROOM_DELETED", chatroomId };
  if (kind === "member_left" && change.userId === userId) return { code: "MEMBERSHIP_ENDED", reason: "left", sequence };
  if (kind === "member_kicked" && change.userId === userId) {
    return { code: "MEMBERSHIP_ENDED", reason: "kicked", sequence };
  }
  return undefined;
}
