/** Lets a test wait for what comes by itself, without knowing when. */
export interface Collected<T> {
  readonly items: readonly T[];
  add(item: T): void;
  /** Resolves once so many have come. */
  until(count: number): Promise<readonly T[]>;
}

export function collect<T>(): Collected<T> {
  const items: T[] = [];
  let waiting: { count: number; resolve: () => void }[] = [];
  return {
    items,
    add(item) {
      items.push(item);
      for (const { count, resolve } of waiting) if (items.length >= count) resolve();
      waiting = waiting.filter(({ count }) => items.length < count);
    },
    async until(count) {
      if (items.length < count) {
        await new Promise<void>((resolve) => {
          waiting.push({ count, resolve });
        });
      }
      return items;
    },
  };
}
