import { expect } from "bun:test";
import type { Clock } from "../../application/mod.ts";
import { timestamp } from "../../domain/mod.ts";
import type { Case, Proofs, Setup } from "./_setup.ts";
import { casesOf, register } from "./_setup.ts";

/** A clock, and a way to have time pass on it. */
export interface ClockSubject {
  readonly clock: Clock;
  /** Resolves when exactly so many milliseconds have passed, and what was due has run. */
  pass(milliseconds: number): Promise<void>;
}

export function clockCases(setup: Setup<ClockSubject>): readonly Case[] {
  return casesOf(setup, proofs);
}

export function testClock(setup: Setup<ClockSubject>): void {
  register(clockCases(setup));
}

const proofs: Proofs<ClockSubject> = {
  "now() goes on as time passes, in whole milliseconds since 1970": async ({ clock, pass }) => {
    const before = clock.now();
    await pass(20);
    expect(clock.now() - before).toBe(20);
    expect(Number.isInteger(clock.now())).toBeTrue();
    expect(before).toBeGreaterThan(timestamp(Date.UTC(2000, 0)));
  },

  "after() calls once, when so much time has passed and not before": async ({ clock, pass }) => {
    let calls = 0;
    clock.after(30, () => calls++);
    await pass(29);
    expect(calls).toBe(0);
    await pass(1);
    expect(calls).toBe(1);
    await pass(60);
    expect(calls).toBe(1);
  },

  "after() waits longer than 31 bits count, and can be cancelled all the while": async ({ clock, pass }) => {
    const thirtyDays = 30 * 86_400_000;
    let calls = 0;
    clock.after(thirtyDays, () => calls++);
    const cancel = clock.after(thirtyDays, () => calls++);
    await pass(thirtyDays - 1);
    cancel();
    expect(calls).toBe(0);
    await pass(1);
    expect(calls).toBe(1);
  },

  "after() never calls within the call itself, not even for 0": async ({ clock, pass }) => {
    let called = false;
    clock.after(0, () => {
      called = true;
    });
    expect(called).toBeFalse();
    await pass(5);
    expect(called).toBeTrue();
  },

  "after() calls in the order of the times, also what is set meanwhile": async ({ clock, pass }) => {
    const order: string[] = [];
    clock.after(60, () => order.push("third"));
    clock.after(10, () => {
      order.push("first");
      clock.after(20, () => order.push("second"));
    });
    await pass(100);
    expect(order).toEqual(["first", "second", "third"]);
  },

  "after() does not call what is cancelled, and a late cancelling is no error": async ({ clock, pass }) => {
    let calls = 0;
    const cancel = clock.after(10, () => calls++);
    cancel();
    cancel();
    const late = clock.after(10, () => calls++);
    await pass(30);
    late();
    expect(calls).toBe(1);
  },
};
