import type { Sequence } from "../../../domain/mod.ts";
import type { Recording } from "../recording.ts";

/** Where a recording breaks a promise: what had to be there, and what was. */
export interface Finding {
  /** The place in the room's log, or null where it is of none. */
  readonly sequence: Sequence | null;
  /** Whom it happened to: an observer, a reader, or a user and the line of their act. */
  readonly who: string;
  readonly expected: string;
  readonly received: string;
}

/** A promise, and how to tell from a recording whether it was kept. */
export interface Verdict {
  readonly name: string;
  /** What holds if nothing is found. */
  readonly promise: string;
  readonly judge: (recording: Recording) => readonly Finding[];
}

const LONGEST = 160;

/** A value, short enough for a line. */
export function show(value: unknown): string {
  const text = value === undefined ? "nothing" : typeof value === "string" ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

/**
 * The first place where two values differ, as a path and what each has there; null if they are equal. What is
 * undefined and what is missing is the same, as it is on the wire.
 */
export function difference(expected: unknown, received: unknown, path = ""): Difference | null {
  if (Object.is(expected, received)) return null;
  if (!isObject(expected) || !isObject(received)) return { path, expected, received };
  for (const key of new Set([...Object.keys(expected), ...Object.keys(received)])) {
    const found = difference(expected[key], received[key], path === "" ? key : `${path}.${key}`);
    if (found) return found;
  }
  return null;
}

export interface Difference {
  readonly path: string;
  readonly expected: unknown;
  readonly received: unknown;
}

/** How a difference is told: where it lies, and both sides of it. */
export function sides({ path, expected, received }: Difference): Pick<Finding, "expected" | "received"> {
  const at = path === "" ? "" : `${path} `;
  return { expected: at + show(expected), received: at + show(received) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
