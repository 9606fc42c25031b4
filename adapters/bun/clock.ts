import type { Clock } from "../../application/mod.ts";
import type { Timestamp } from "../../domain/mod.ts";
import { timestamp } from "../../domain/mod.ts";

/** The time of this machine. What waits does not keep the process alive. */
export class BunClock implements Clock {
  now(): Timestamp {
    return timestamp(Date.now());
  }

  after(milliseconds: number, run: () => void): () => void {
    const timer = setTimeout(run, milliseconds);
    timer.unref();
    return () => clearTimeout(timer);
  }
}
