import type { Brand } from "./_brand.ts";

/** Where a change stands in its room's log: 1, 2, 3 … with no hole and no double; 0 is before the first. */
export type Sequence = Brand<number, "Sequence">;

/** Names one life of a store: 8 of `[a-z0-9]`, replaced when a log is restored from a backup. */
export type Epoch = Brand<string, "Epoch">;

/** A sequence of one life of the log, so that a place of another life is recognised. */
export interface Place {
  readonly epoch: Epoch;
  readonly sequence: Sequence;
}

/** A place as it travels: `<epoch>.<sequence>`. It is the event id of a change, and serves as `lastEventId`. */
export type PlaceText = Brand<string, "PlaceText">;

export const sequence = (value: number): Sequence => value as Sequence;
export const epoch = (value: string): Epoch => value as Epoch;

/** The place before the first change. */
export const BEGINNING: Sequence = sequence(0);

/** The sequence that follows. */
export function next(after: Sequence): Sequence {
  return (after + 1) as Sequence;
}

export function formatPlace({ epoch, sequence }: Place): PlaceText {
  return `${epoch}.${sequence}` as PlaceText;
}

/** Read a place, or answer null if the text is not one that {@link formatPlace} could have written. */
export function parsePlace(text: string): Place | null {
  const match = /^([a-z0-9]{8})\.(0|[1-9][0-9]{0,15})$/.exec(text);
  if (!match) return null;
  const value = Number(match[2]);
  return Number.isSafeInteger(value) ? { epoch: epoch(match[1] as string), sequence: sequence(value) } : null;
}
