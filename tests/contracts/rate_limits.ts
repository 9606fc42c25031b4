import { expect } from "bun:test";
import type { RateLimits } from "../../application/mod.ts";
import type { Case, Proofs, Setup } from "./_setup.ts";
import { casesOf, register } from "./_setup.ts";

/** Limits, and a way to have time pass for them. */
export interface RateLimitsSubject {
  readonly rateLimits: RateLimits;
  pass(milliseconds: number): Promise<void>;
}

export function rateLimitsCases(setup: Setup<RateLimitsSubject>): readonly Case[] {
  return casesOf(setup, proofs);
}

export function testRateLimits(setup: Setup<RateLimitsSubject>): void {
  register(rateLimitsCases(setup));
}

const LIMIT = { times: 3, within: 1_000 };

async function takeTimes(rateLimits: RateLimits, key: string, times: number): Promise<readonly number[]> {
  const waits: number[] = [];
  for (let count = 0; count < times; count++) waits.push(await rateLimits.take(key, LIMIT));
  return waits;
}

const proofs: Proofs<RateLimitsSubject> = {
  "take() allows so many times, then tells how long to wait": async ({ rateLimits }) => {
    const [first, second, third, fourth] = await takeTimes(rateLimits, "ann", 4);
    expect([first, second, third]).toEqual([0, 0, 0]);
    expect(fourth).toBeGreaterThan(0);
    expect(fourth).toBeLessThanOrEqual(LIMIT.within);
  },

  "take() allows again after the wait that it told, whatever was refused meanwhile": async ({ rateLimits, pass }) => {
    await takeTimes(rateLimits, "ann", 3);
    await pass(400);
    await takeTimes(rateLimits, "ann", 50);
    await pass(await rateLimits.take("ann", LIMIT));
    expect(await rateLimits.take("ann", LIMIT)).toBe(0);
  },

  "take() tells a wait that ends when it said, however often it is asked meanwhile": async ({ rateLimits, pass }) => {
    await takeTimes(rateLimits, "ann", 3);
    const wait = await rateLimits.take("ann", LIMIT);
    await pass(400);
    for (const left of await takeTimes(rateLimits, "ann", 10)) {
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(wait - 400);
    }
  },

  "take() allows as many again once the whole time has passed, and no more": async ({ rateLimits, pass }) => {
    await takeTimes(rateLimits, "ann", 10);
    await pass(LIMIT.within);
    const waits = await takeTimes(rateLimits, "ann", 5);
    expect(waits.map((wait) => wait === 0)).toEqual([true, true, true, false, false]);
  },

  "take() counts each key by itself": async ({ rateLimits }) => {
    await takeTimes(rateLimits, "ann", 4);
    for (const key of ["Ann", "ann ", "bora", "", "__proto__", "사랑"])
      expect(await rateLimits.take(key, LIMIT)).toBe(0);
  },

  "take() never allows more, however many ask at once": async ({ rateLimits }) => {
    const waits = await Promise.all(Array.from({ length: 100 }, () => rateLimits.take("ann", LIMIT)));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(LIMIT.times);
  },
};
