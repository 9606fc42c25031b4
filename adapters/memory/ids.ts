import { createHash } from "node:crypto";
import type { Ids } from "../../application/mod.ts";

/** Names that a seed makes, so that a test can be repeated: as many as wanted, and no secret to who knows the seed. */
export class MemoryIds implements Ids {
  readonly #seed: number;
  #made = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  random(): string {
    return this.derived("random", [String(this.#seed), String(this.#made++)]);
  }

  derived(tag: string, parts: readonly string[]): string {
    return createHash("sha256")
      .update(JSON.stringify([tag, ...parts]))
      .digest("base64url")
      .slice(0, 22);
  }
}
