/** Lets whoever waits look again whenever something came to pass, and gives up only when nothing does any more. */
export interface Progress {
  /** Something came to pass. */
  note(): void;
  /** Whether `done` came to hold; false once nothing came to pass for `patience` milliseconds. */
  until(done: () => boolean, patience: number): Promise<boolean>;
}

export function createProgress(): Progress {
  let noted = Promise.withResolvers<true>();
  return {
    note() {
      noted.resolve(true);
      noted = Promise.withResolvers<true>();
    },
    async until(done, patience) {
      while (!done()) {
        const late = Promise.withResolvers<false>();
        const timer = setTimeout(() => late.resolve(false), patience);
        const moved = await Promise.race([noted.promise, late.promise]);
        clearTimeout(timer);
        if (!moved) return done();
      }
      return true;
    },
  };
}
