import type { Timestamp } from "../../domain/mod.ts";

/** Tells the time and waits, so that tests can do both for it. */
export interface Clock {
  /** For people to read, and to judge what expires; may jump. */
  now(): Timestamp;
  /** Call `run` once after so many milliseconds (≥ 0, of any length), unless the answered function is called first. */
  after(milliseconds: number, run: () => void): () => void;
}
