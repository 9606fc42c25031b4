import type { Clock } from "./ports/mod.ts";

/** How long a store may lag or be away before a caller is told `UNAVAILABLE`, in milliseconds. */
export const PATIENCE = 5_000;

/** How long to wait before trying the n-th time again, in milliseconds: ever longer, up to a quarter of a second. */
export function backOff(times: number): number {
  return Math.min(5 * 2 ** times, 250);
}

/** Resolve after so many milliseconds. */
export function pause(clock: Clock, milliseconds: number): Promise<void> {
  return new Promise((resolve) => void clock.after(milliseconds, resolve));
}

/** What `work` answers, or null if it has not within so many milliseconds; it goes on all the same. */
export async function within<T>(clock: Clock, milliseconds: number, work: Promise<T>): Promise<T | null> {
  let cancel = (): void => {};
  const late = new Promise<null>((resolve) => {
    cancel = clock.after(milliseconds, () => resolve(null));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    cancel();
  }
}

/**
 * Read again until what is read is fresh enough; null if it is not within {@link PATIENCE}. It counts its own pauses
 * and never asks the time, which may jump.
 */
export async function untilFresh<T>(
  clock: Clock,
  read: () => Promise<T>,
  isFresh: (read: T) => boolean,
): Promise<T | null> {
  for (let waited = 0, times = 0; ; times++) {
    const answer = await read();
    if (isFresh(answer)) return answer;
    if (waited >= PATIENCE) return null;
    await pause(clock, backOff(times));
    waited += backOff(times);
  }
}
