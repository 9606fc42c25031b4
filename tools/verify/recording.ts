import type { ChatroomSnapshot, MessageHistory } from "../../application/mod.ts";
import type {
  ChatError,
  Chatroom,
  ChatroomId,
  Message,
  Place,
  PlaceText,
  RoomChange,
  RoomEvent,
  Sequence,
  UserId,
} from "../../domain/mod.ts";
import { parsePlace } from "../../domain/mod.ts";
import type { Act } from "./plan.ts";

/** A moment of a run: later ones are greater. All that is recorded is on one such clock. */
export type Moment = number;

/** How a call ended. `failed` is what was foreseen by nobody: no refusal, but no answer either. */
export type Answered<T> =
  | { readonly kind: "value"; readonly value: T }
  | { readonly kind: "refused"; readonly error: ChatError }
  | { readonly kind: "failed"; readonly why: string };

/** A message for a post, the place of the change for the others; null where nothing was to be done. */
export type ActAnswer = Answered<{ readonly message: Message } | { readonly place: PlaceText | null }>;

/** An act and what it came to. */
export interface ActRecord {
  readonly act: Act;
  readonly userId: UserId;
  /** The message that was replied to, if one was. */
  readonly replyTo: Message["id"] | null;
  readonly requestId: string;
  readonly started: Moment;
  readonly ended: Moment;
  readonly answer: ActAnswer;
  /** The answer to the same request, sent a second time at once; null if it was sent once. */
  readonly again: ActAnswer | null;
}

/** An event as an observer was told of it. */
export interface Told {
  readonly moment: Moment;
  readonly place: Place;
  readonly event: RoomEvent;
}

/** All that one observer was told, over however many connections. */
export interface ObserverRecord {
  readonly name: string;
  readonly userId: UserId;
  readonly told: readonly Told[];
  /** How often its socket was destroyed, or it went away and came back by another client. */
  readonly cuts: number;
  /** Why it ended before it was ended, or null. */
  readonly ended: string | null;
}

/** What was found by whoever knew of a change (having been told, or having made it) and read at once. */
export interface ProbeRecord {
  readonly reader: string;
  readonly sequence: Sequence;
  /** The change that the reader was told, or null for an author after its answer. */
  readonly change: RoomChange | null;
  readonly read: Answered<MessageHistory>;
}

/** A snapshot of the room, read before, during or after. */
export interface SnapshotRecord {
  readonly reader: string;
  readonly userId: UserId;
  readonly atLeast: PlaceText | null;
  readonly read: Answered<ChatroomSnapshot>;
}

/** What paging backwards from `before` brought, page by page. */
export interface PagesRecord {
  readonly reader: string;
  readonly before: Sequence;
  readonly pages: readonly Answered<MessageHistory>[];
}

/** All that a run has to be judged by. */
export interface Recording {
  readonly chatroomId: ChatroomId;
  readonly ownerId: UserId;
  readonly created: Chatroom;
  readonly acts: readonly ActRecord[];
  /** The first was there from the beginning. */
  readonly observers: readonly ObserverRecord[];
  /** Who read the log once all was over, from its beginning or from as far back as is replayed. */
  readonly audit: ObserverRecord;
  /** The last sequence, read once all was over. */
  readonly head: Sequence;
  readonly probes: readonly ProbeRecord[];
  readonly snapshots: readonly SnapshotRecord[];
  /** A fresh snapshot for each reader, once all was over. */
  readonly fresh: readonly SnapshotRecord[];
  readonly pages: readonly PagesRecord[];
  /** The members that the room said it had, once all was over. */
  readonly members: Answered<readonly UserId[]>;
}

export function changesOf({ told }: Pick<ObserverRecord, "told">): readonly RoomChange[] {
  return told.flatMap(({ event }) => (event.kind === "cursor" || event.kind === "reset" ? [] : [event]));
}

/** The changes as they stand in the log, by sequence; for what lies too far back, as the first observer was told. */
export function logOf({ audit, observers: [first] }: Recording): ReadonlyMap<Sequence, RoomChange> {
  const all = [...(first ? changesOf(first) : []), ...changesOf(audit)];
  return new Map(all.toSorted((a, b) => a.sequence - b.sequence).map((change) => [change.sequence, change]));
}

/** The sequence that an act was told, or null if it made no change. */
export function sequenceOf({ answer }: Pick<ActRecord, "answer">): Sequence | null {
  if (answer.kind !== "value") return null;
  if ("message" in answer.value) return answer.value.message.sequence;
  return answer.value.place === null ? null : (parsePlace(answer.value.place)?.sequence ?? null);
}
