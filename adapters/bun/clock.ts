import type { Clock } from "../../application/mod.ts";
import type { Timestamp } from "../../domain/mod.ts";
import { timestamp } from "../../domain/mod.ts";

/** The longest that one timer waits, 24.8 days; told to wait longer, it would fire at once. */
const LONGEST = 0x7fff_ffff;

/** The time of this machine. What waits does not keep the process alive. */
export class BunClock implements Clock {
  now(): Timestamp {
    return timestamp(Date.now());
  }

  after(milliseconds: number, run: () => void): () => void {
    let timer: ReturnType<typeof setTimeout>;
    function wait(left: number): void {
      timer = setTimeout(() => (left > LONGEST ? wait(left - LONGEST) : run()), Math.min(left, LONGEST));
      timer.unref();
    }
    wait(milliseconds);
    return () => clearTimeout(timer);
  }
}
