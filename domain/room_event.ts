import type { RoomChange } from "./room_change.ts";

/** Where an observation stands, although nothing happened: what to resume from. */
export interface Cursor {
  readonly kind: "cursor";
}

/**
 * The place that was named cannot be gone on from: read the snapshot anew. What follows is whole from the place of
 * this event on, so a snapshot whose `asOf` is at least that place joins without a gap.
 */
export interface Reset {
  readonly kind: "reset";
  /**
   * `epoch`: the place is of another life of the log. `ahead`: the log does not reach it. `behind`: it lies too far
   * back to be replayed. `damaged`: the log has a hole that does not fill.
   */
  readonly reason: "epoch" | "ahead" | "behind" | "damaged";
}

/** What an observation of a room yields, each with its place. */
export type RoomEvent = RoomChange | Cursor | Reset;
