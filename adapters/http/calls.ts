import { Streams } from "./streams.ts";

/** Counts the calls that are not answered yet, and knows when none is left. Event streams are none of them. */
export class Calls {
  /** The bodies of answers that come piece by piece and have an end. */
  readonly streams = new Streams();
  #count = 0;
  #waiting: (() => void)[] = [];

  /** Count one more, and answer what ends it. */
  begin(isStream: boolean): () => void {
    if (isStream) return () => {};
    this.#count++;
    return () => {
      this.#count--;
      if (this.#count === 0) for (const resolve of this.#waiting.splice(0)) resolve();
    };
  }

  /** Wait until none is left, at most so many milliseconds. */
  async idle(withinMs: number): Promise<void> {
    if (this.#count === 0) return;
    await new Promise<void>((resolve) => {
      const bound = setTimeout(resolve, withinMs);
      this.#waiting.push(() => {
        clearTimeout(bound);
        resolve();
      });
    });
  }
}
