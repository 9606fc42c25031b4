/** Chances that come out the same for the same seed. */
export interface Random {
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  /** Whether this is the one time in so many. */
  oneIn(times: number): boolean;
  /** Chances of their own for `name`, so that what is asked of one leaves the others as they are. */
  fork(name: string): Random;
}

export const MAX_SEED: number = 2 ** 32 - 1;

/** mulberry32: small, and even enough to choose where to cut. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const between = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return {
    between,
    oneIn: (times) => between(1, times) === 1,
    fork: (name) => createRandom((seed ^ Bun.hash.crc32(name)) >>> 0),
  };
}
