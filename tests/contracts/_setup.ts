/**
 * How a contract suite meets the adapter that it is to prove. Every suite is a list of cases over a {@link Setup}, the
 * same shape for every port: `roomLogCases(setup)` answers the list, so that a planted adapter can be shown to fail it,
 * and `testRoomLog(setup)` registers it with the test runner.
 */
import { test } from "bun:test";

/** What one case works on. */
export interface Fixture<T> {
  readonly subject: T;
  /** Called when the case has ended, however it did. */
  close?(): Promise<void>;
}

/** Makes a store that is fresh, and that nobody else uses. Called once for each case. */
export type Setup<T> = () => Promise<Fixture<T>>;

/** One sentence of a port's promise, and its proof. */
export interface Case {
  readonly name: string;
  /** Rejects if the adapter breaks the promise. */
  run(): Promise<void>;
}

/** Promises, each by its name, with what proves it of a subject. */
export type Proofs<T> = Readonly<Record<string, (subject: T) => Promise<void>>>;

/** For how long a case may last, in milliseconds: servers are slow, and no case waits for time to pass. */
const PATIENCE = 60_000;

export function casesOf<T>(setup: Setup<T>, proofs: Proofs<T>): readonly Case[] {
  return Object.entries(proofs).map(([name, prove]) => ({
    name,
    async run() {
      const fixture = await setup();
      try {
        await prove(fixture.subject);
      } finally {
        await fixture.close?.();
      }
    },
  }));
}

export function register(cases: readonly Case[]): void {
  for (const { name, run } of cases) test(name, run, PATIENCE);
}
