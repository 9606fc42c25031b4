import type { Place, Sequence } from "./place.ts";
import { next } from "./place.ts";
import type { Result } from "./result.ts";
import { accepted, refused } from "./result.ts";
import type { RoomEvent } from "./room_event.ts";

/** Where an observer of a room stands: the place of the last event that it accepted, or null before the first. */
export interface RoomObserver {
  readonly place: Place | null;
}

/** An event that does not follow the last one. */
export interface OutOfOrder {
  readonly code: "HOLE" | "DOUBLE" | "OTHER_EPOCH";
  readonly expected: Sequence;
  readonly received: Sequence;
}

/**
 * Take the next event, or refuse it. After a place, only the next sequence of the same epoch is a change to accept; a
 * cursor must stand where the observer stands. A reset, or whatever comes first, sets the place.
 */
export function observe(observer: RoomObserver, place: Place, event: RoomEvent): Result<RoomObserver, OutOfOrder> {
  const last = observer.place;
  if (last === null || event.kind === "reset") return accepted({ place });
  const expected = event.kind === "cursor" ? last.sequence : next(last.sequence);
  const received = place.sequence;
  if (place.epoch !== last.epoch) return refused({ code: "OTHER_EPOCH", expected, received });
  if (received !== expected) return refused({ code: received < expected ? "DOUBLE" : "HOLE", expected, received });
  return accepted({ place });
}
