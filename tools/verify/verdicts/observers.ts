import { next, observe, type RoomObserver, sequence } from "../../../domain/mod.ts";
import type { ObserverRecord, Recording } from "../recording.ts";
import { changesOf, logOf } from "../recording.ts";
import { difference, type Finding, show, sides, type Verdict } from "./verdict.ts";

/** Judged by the domain's own rule of what may follow a place. */
export const whole: Verdict = {
  name: "whole",
  promise: "every observer was told each change once, in order, with no hole, through every cut",
  judge: (recording) => everyone(recording).flatMap(holesOf),
};

function holesOf({ name, told }: ObserverRecord): readonly Finding[] {
  const found: Finding[] = [];
  let observer: RoomObserver = { place: null };
  for (const { place, event } of told) {
    if (event.kind === "reset") {
      found.push({ sequence: place.sequence, who: name, expected: "no reset", received: `reset (${event.reason})` });
    }
    if (event.kind !== "cursor" && event.kind !== "reset" && event.sequence !== place.sequence) {
      const received = `id of ${place.sequence} on the change ${event.sequence}`;
      found.push({ sequence: event.sequence, who: name, expected: "the id of its own place", received });
    }
    const taken = observe(observer, place, event);
    if (!taken.ok) {
      const { code, expected, received } = taken.error;
      const what = event.kind === "cursor" ? "a cursor at" : "the change";
      found.push({
        sequence: code === "DOUBLE" ? received : expected,
        who: name,
        expected: `${what} ${expected}`,
        received: `${what} ${received} (${code})`,
      });
    }
    // Go on from what came, so that one hole is told once.
    observer = { place };
  }
  return found;
}

/** Everyone's changes are compared with those that the log holds at the end. */
export const same: Verdict = {
  name: "same",
  promise: "a change is the same for every observer",
  judge(recording) {
    const log = logOf(recording);
    return recording.observers.flatMap((observer) =>
      changesOf(observer).flatMap((change): readonly Finding[] => {
        const differs = difference(log.get(change.sequence), change);
        return differs ? [{ sequence: change.sequence, who: observer.name, ...sides(differs) }] : [];
      }),
    );
  },
};

/** A lost *last* change leaves no hole: whoever was not told of the head was not told all. */
export const arrived: Verdict = {
  name: "arrived",
  promise: "every observer was told everything up to the head of the log, and was not ended",
  judge: (recording) =>
    everyone(recording).flatMap(({ name, told, ended }): readonly Finding[] => {
      const last = told.at(-1)?.place.sequence ?? sequence(0);
      if (ended === null && last === recording.head) return [];
      const received = `${last} last${ended === null ? "" : `, then ended: ${show(ended)}`}`;
      return [{ sequence: next(last), who: name, expected: `changes up to ${recording.head}`, received }];
    }),
};

function everyone({ observers, audit }: Recording): readonly ObserverRecord[] {
  return [...observers, audit];
}
