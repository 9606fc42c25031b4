import type {
  ChatroomId,
  PlaceInvalid,
  PlaceText,
  Reset,
  Result,
  RoomEvent,
  Sequence,
  Unavailable,
  UserId,
} from "../../../domain/mod.ts";
import { accepted, formatPlace, parsePlace, refused } from "../../../domain/mod.ts";
import type { ReadingRefusal } from "../../_room_reading.ts";
import { readAsMember } from "../../_room_reading.ts";
import type { Chat } from "../../chat.ts";
import type { ObservationEnd } from "./_member_changes.ts";
import { memberChanges } from "./_member_changes.ts";

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

/** Yields each change once, in order; returns why it ended, or nothing if its signal aborted. */
export type Observation = AsyncGenerator<Observed, ObservationEnd | undefined>;

/** How many changes are replayed at most; who lies further back reads the snapshot anew. */
const LONGEST_REPLAY = 10_000;

type Sources = Pick<
  Chat,
  "log" | "messages" | "directory" | "memberships" | "feeds" | "presence" | "clock" | "onFault"
>;

/**
 * Observe a room: first a cursor (or a reset), then its changes. Membership is judged at the head of the log; an ending
 * of it, or of the room, that comes later in the log ends the observation before anything behind it is told.
 */
export async function observeChatroom(
  chat: Sources,
  { observerId, chatroomId, lastEventId, signal }: ObserveChatroomInput,
): Promise<Result<Observation, ReadingRefusal | PlaceInvalid | Unavailable>> {
  const asked = lastEventId === undefined ? undefined : parsePlace(lastEventId);
  if (asked === null) return refused({ code: "PLACE_INVALID", field: "lastEventId" });
  const reading = await readAsMember(chat, chatroomId, observerId);
  if (!reading.ok) return reading;
  const judged = reading.value;
  const head = judged.head.sequence;
  const epoch = await chat.log.epoch();
  const reset = asked && reasonToReset(asked, { epoch, sequence: head });
  const from = asked && !reset ? asked.sequence : head;
  const at = (sequence: Sequence): PlaceText => formatPlace({ epoch, sequence });

  async function* observation(): Observation {
    const leave = await enter(chat, chatroomId, observerId);
    const changes = memberChanges(chat, { chatroomId, userId: observerId, from, judged, signal });
    try {
      yield { place: at(from), event: reset ? { kind: "reset", reason: reset } : { kind: "cursor" } };
      for (let step = await changes.next(); ; step = await changes.next()) {
        if (step.done) return step.value;
        const change = step.value;
        if (change.kind === "damage") {
          yield { place: at(change.resumesAt), event: { kind: "reset", reason: "damaged" } };
        } else {
          yield { place: at(change.sequence), event: change };
        }
      }
    } finally {
      await changes.return(undefined);
      await leave();
    }
  }
  return accepted(observation());
}

/** Note who is here for others to see; that this cannot be noted keeps nobody from observing. */
async function enter(chat: Sources, chatroomId: ChatroomId, userId: UserId): Promise<() => Promise<void>> {
  const leave = await chat.presence.enter(chatroomId, userId).catch(chat.onFault);
  return async () => leave?.().catch(chat.onFault);
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
