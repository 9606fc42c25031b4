import type { Recording } from "../recording.ts";
import { answered, caused, durable, ordered } from "./acts.ts";
import { counted, members } from "./counts.ts";
import { arrived, same, whole } from "./observers.ts";
import { announced, pages, windows } from "./reads.ts";
import type { Finding, Verdict } from "./verdict.ts";

/** Every promise that a run is judged by. A new one is a line here. */
export const verdicts: readonly Verdict[] = [
  answered,
  durable,
  caused,
  ordered,
  counted,
  whole,
  same,
  arrived,
  announced,
  windows,
  pages,
  members,
];

/** A verdict, and where it does not hold: the earliest place first. */
export interface Judged {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
}

export function judge(recording: Recording): readonly Judged[] {
  return verdicts.map((verdict) => ({
    verdict,
    findings: verdict.judge(recording).toSorted((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0)),
  }));
}
