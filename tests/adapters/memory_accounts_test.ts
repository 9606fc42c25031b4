import { describe, expect, test } from "bun:test";
import {
  MemoryClock,
  MemoryIds,
  MemoryProfiles,
  MemoryRateLimits,
  MemorySessionStore,
  MemoryUsers,
} from "../../adapters/memory/mod.ts";
import { timestamp, userId } from "../../domain/mod.ts";
import { testClock } from "../contracts/clock.ts";
import { testIds } from "../contracts/ids.ts";
import { testProfiles } from "../contracts/profiles.ts";
import { testRateLimits } from "../contracts/rate_limits.ts";
import { testSessionStore } from "../contracts/session_store.ts";
import { testUsers } from "../contracts/users.ts";

describe("MemoryClock", () => {
  testClock(async () => {
    const clock = new MemoryClock();
    return { subject: { clock, pass: (milliseconds) => clock.advance(milliseconds) } };
  });

  test("advance() runs what is due at its own time, of the same time what was set first", async () => {
    const clock = new MemoryClock(1_000);
    const ran: [string, number][] = [];
    const note = (name: string) => () => void ran.push([name, clock.now()]);
    clock.after(20, note("later"));
    clock.after(10, note("first"));
    clock.after(10, () => {
      note("second")();
      clock.after(0, note("third"));
    });
    clock.after(31, note("not yet"));
    await clock.advance(30);
    expect(ran).toEqual([
      ["first", 1_010],
      ["second", 1_010],
      ["third", 1_010],
      ["later", 1_020],
    ]);
    expect<number>(clock.now()).toBe(1_030);
  });
});

describe("MemoryIds", () => {
  testIds(async () => ({ subject: new MemoryIds(7) }));

  test("random() makes the same names of the same seed, and others of another", () => {
    const names = (seed: number) => {
      const ids = new MemoryIds(seed);
      return [ids.random(), ids.random()];
    };
    expect(names(1)).toEqual(names(1));
    expect(names(1)).not.toEqual(names(2));
  });

  test("derived() makes the same name whatever the seed", () => {
    const names = [1, 2].map((seed) => new MemoryIds(seed).derived("room", ["ann"]));
    expect(new Set(names).size).toBe(1);
  });
});

describe("MemoryUsers", () => {
  testUsers(async () => ({ subject: new MemoryUsers() }));

  testProfiles(async () => {
    const users = new MemoryUsers();
    const add = async (profile: Parameters<MemoryProfiles["set"]>[0]) => {
      await users.create({ user: { ...profile, createdAt: new MemoryClock().now() }, passwordHash: "" });
    };
    return { subject: { profiles: users, add } };
  });
});

describe("MemoryProfiles", () =>
  testProfiles(async () => {
    const profiles = new MemoryProfiles();
    return { subject: { profiles, add: async (profile) => profiles.set(profile) } };
  }));

describe("MemorySessionStore", () => testSessionStore(async () => ({ subject: new MemorySessionStore() })));

describe("MemoryRateLimits", () => {
  testRateLimits(async () => {
    const clock = new MemoryClock();
    const pass = (milliseconds: number) => clock.advance(milliseconds);
    return { subject: { rateLimits: new MemoryRateLimits(clock), pass } };
  });

  test("take() forgets keys whose time is over", async () => {
    const clock = new MemoryClock();
    const limits = new MemoryRateLimits(clock);
    for (let key = 0; key < 20_000; key++) {
      await limits.take(`key${key}`, { times: 1, within: 1_000 });
      await clock.advance(1);
    }
    expect(limits.size).toBeLessThan(5_000);
  });

  test("take() lets nobody wait longer than the time of the limit where the clock is set back", async () => {
    let now = timestamp(1_000_000);
    const limits = new MemoryRateLimits({ now: () => now, after: () => () => {} });
    const limit = { times: 1, within: 1_000 };
    expect(await limits.take("ann", limit)).toBe(0);
    now = timestamp(500_000);
    expect(await limits.take("ann", limit)).toBeLessThanOrEqual(1_000);
    now = timestamp(501_000);
    expect(await limits.take("ann", limit)).toBe(0);
  });
});

test("MemoryProfiles answers what it was told last", async () => {
  const profiles = new MemoryProfiles();
  const [id, username] = [userId("1"), "ann"];
  for (const displayName of ["Ann", "앤"]) profiles.set({ id, username, displayName });
  expect(await profiles.byIds([id])).toEqual([{ id, username, displayName: "앤" }]);
});
