import type { Sequence } from "../../domain/mod.ts";
import type { Observer } from "./observing.ts";
import type { Random } from "./random.ts";

/** Takes an observer's connection away again and again, at places that chance chooses. */
export interface Unsettler {
  /** The observer was told of one more event. */
  told(): void;
  /** The room is known to have come this far, whether or not the observer is there to be told. */
  reached(place: Sequence): void;
  /** Come back, and stay. */
  settle(): void;
}

/** How many events an observer is told between two cuts at most, and how many it misses at most while it is away. */
export interface Unrest {
  readonly stays: number;
  readonly misses: number;
}

/** As much unrest as gives a run of so many acts about ten cuts or more. */
export function unrestFor(acts: number): Unrest {
  const stays = Math.min(120, Math.max(4, Math.floor(acts / 8)));
  return { stays, misses: Math.ceil(stays / 2) };
}

/** Destroy the observer's socket, so that its own client has to come back. */
export function cutAtRandom(observer: () => Observer | undefined, random: Random, { stays }: Unrest): Unsettler {
  let left = random.between(Math.ceil(stays / 6), stays);
  return {
    told() {
      if (--left > 0) return;
      left = random.between(Math.ceil(stays / 6), stays);
      observer()?.cut();
    },
    reached() {},
    settle() {
      left = Number.POSITIVE_INFINITY;
    },
  };
}

/** Have the observer give its client up, miss some changes, and go on with a new client from its last place. */
export function absentAtRandom(
  observer: () => Observer | undefined,
  random: Random,
  { stays, misses }: Unrest,
): Unsettler {
  let left = random.between(Math.ceil(stays / 6), stays);
  let back = Number.POSITIVE_INFINITY;
  return {
    told() {
      if (--left > 0) return;
      left = random.between(Math.ceil(stays / 6), stays);
      back = (observer()?.position ?? 0) + random.between(1, misses);
      observer()?.goAway();
    },
    reached(place) {
      if (place < back) return;
      back = Number.POSITIVE_INFINITY;
      observer()?.comeBack();
    },
    settle() {
      left = Number.POSITIVE_INFINITY;
      back = Number.POSITIVE_INFINITY;
      observer()?.comeBack();
    },
  };
}
