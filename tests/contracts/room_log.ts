import type { RoomLog } from "../../application/mod.ts";
import { appendProofs } from "./_room_log_append.ts";
import { projectingLaterProofs, projectingWithinProofs } from "./_room_log_pending.ts";
import { raceProofs } from "./_room_log_races.ts";
import { readProofs } from "./_room_log_reads.ts";
import type { Case, Setup } from "./_setup.ts";
import { casesOf, register } from "./_setup.ts";

export interface RoomLogTraits {
  /** Whether the store projects while it appends, or leaves that to its caller. */
  readonly projects: "within" | "later";
}

/**
 * What can be proven of a log from outside. That a change survives a crash of the machine, and what an append that
 * throws may leave behind, is for the adapter's own tests.
 */
export function roomLogCases(setup: Setup<RoomLog>, { projects }: RoomLogTraits): readonly Case[] {
  const pendingProofs = projects === "within" ? projectingWithinProofs : projectingLaterProofs;
  return casesOf(setup, { ...appendProofs, ...raceProofs, ...readProofs, ...pendingProofs });
}

export function testRoomLog(setup: Setup<RoomLog>, traits: RoomLogTraits): void {
  register(roomLogCases(setup, traits));
}
