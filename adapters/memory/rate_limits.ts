import type { Clock, RateLimit, RateLimits } from "../../application/mod.ts";
import { turn } from "./_turn.ts";

interface Window {
  readonly endsAt: number;
  taken: number;
}

/** How many keys are counted before those whose window is over are looked for. */
const LOOK_AFTER = 1_024;

/** Counts in windows that begin with a key's first time. */
export class MemoryRateLimits implements RateLimits {
  readonly #clock: Clock;
  readonly #windows = new Map<string, Window>();
  #lookAt = LOOK_AFTER;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many keys are being counted. */
  get size(): number {
    return this.#windows.size;
  }

  async take(key: string, { times, within }: RateLimit): Promise<number> {
    await turn();
    const now = this.#clock.now();
    const window = this.#windows.get(key);
    // A clock that was set back must not make anybody wait longer than a window.
    if (!window || window.endsAt <= now || window.endsAt > now + within) {
      this.#windows.set(key, { endsAt: now + within, taken: 1 });
      this.#forgetOver(now);
      return 0;
    }
    if (window.taken >= times) return window.endsAt - now;
    window.taken++;
    return 0;
  }

  #forgetOver(now: number): void {
    if (this.#windows.size < this.#lookAt) return;
    for (const [key, { endsAt }] of this.#windows) if (endsAt <= now) this.#windows.delete(key);
    this.#lookAt = Math.max(LOOK_AFTER, 2 * this.#windows.size);
  }
}
