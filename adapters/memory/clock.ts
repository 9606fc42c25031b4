import type { Clock } from "../../application/mod.ts";
import type { Timestamp } from "../../domain/mod.ts";
import { timestamp } from "../../domain/mod.ts";

interface Timer {
  readonly due: number;
  readonly run: () => void;
}

/** Time that passes only when it is told to. */
export class MemoryClock implements Clock {
  #now: number;
  readonly #timers = new Set<Timer>();

  /** @param start the first instant, in milliseconds since 1970; an arbitrary one by default */
  constructor(start = 1_000_000_000_000) {
    this.#now = start;
  }

  now(): Timestamp {
    return timestamp(this.#now);
  }

  after(milliseconds: number, run: () => void): () => void {
    const timer = { due: this.#now + milliseconds, run };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Let so many milliseconds pass: what falls due runs at its time and in its order, what it sets included. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    for (let timer = this.#next(end); timer; timer = this.#next(end)) {
      this.#timers.delete(timer);
      this.#now = Math.max(this.#now, timer.due);
      timer.run();
      await Promise.resolve();
    }
    this.#now = end;
  }

  #next(end: number): Timer | null {
    let first: Timer | null = null;
    for (const timer of this.#timers) if (timer.due <= end && (first === null || timer.due < first.due)) first = timer;
    return first;
  }
}
