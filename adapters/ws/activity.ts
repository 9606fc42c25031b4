/** How many of each there are at this moment. */
export interface Counts {
  /** Open sockets. */
  readonly connections: number;
  /** Queries and mutations that have not ended, mutations of closed sockets included. */
  readonly calls: number;
  /** Subscriptions that have not ended, their clean-up included. */
  readonly subscriptions: number;
}

/** Counts what the sockets of a handler do, and knows when none of it is left. */
export class Activity {
  readonly #counts = { connections: 0, calls: 0, subscriptions: 0 };
  #waiting: (() => void)[] = [];

  begin(kind: keyof Counts): void {
    this.#counts[kind]++;
  }

  end(kind: keyof Counts): void {
    this.#counts[kind]--;
    if (this.#isIdle()) for (const resolve of this.#waiting.splice(0)) resolve();
  }

  counts(): Counts {
    return { ...this.#counts };
  }

  /** Wait until nothing is left, at most `withinMs` milliseconds. */
  async idle(withinMs: number): Promise<void> {
    if (this.#isIdle()) return;
    await new Promise<void>((resolve) => {
      const bound = setTimeout(resolve, withinMs);
      this.#waiting.push(() => {
        clearTimeout(bound);
        resolve();
      });
    });
  }

  #isIdle(): boolean {
    const { connections, calls, subscriptions } = this.#counts;
    return connections + calls + subscriptions === 0;
  }
}
