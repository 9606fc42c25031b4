import type { Clock } from "./ports/mod.ts";

/** How long a read or a projection may lag before a caller is told `UNAVAILABLE`, in milliseconds. */
export const PATIENCE = 5_000;

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
 * Read again, ever less often, until what is read is fresh enough; null if it is not within {@link PATIENCE}. It
 * counts its own pauses and never asks the time, which may jump.
 */
export async function untilFresh<T>(
  clock: Clock,
  read: () => Promise<T>,
  isFresh: (read: T) => boolean,
): Promise<T | null> {
  for (let waited = 0, step = 5; ; waited += step, step = Math.min(step * 2, 250)) {
    const answer = await read();
    if (isFresh(answer)) return answer;
    if (waited >= PATIENCE) return null;
    await pause(clock, step);
  }
}
