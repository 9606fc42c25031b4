import { describe, expect, test } from "bun:test";
import {
  MemoryClock,
  MemoryIds,
  MemoryProfiles,
  MemoryRateLimits,
  MemorySessionStore,
  MemoryUsers,
} from "../../adapters/memory/mod.ts";
import { userId } from "../../domain/mod.ts";
import { testClock } from "../contracts/clock.ts";
import { testIds } from "../contracts/ids.ts";
import { testProfiles } from "../contracts/profiles.ts";
import { testRateLimits } from "../contracts/rate_limits.ts";
import { testSessionStore } from "../contracts/session_store.ts";
import { testUsers } from "../contracts/users.ts";

describe("MemoryClock", () =>
  testClock(async () => {
    const clock = new MemoryClock();
    return { subject: { clock, pass: (milliseconds) => clock.advance(milliseconds) } };
  }));

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
});

test("MemoryProfiles answers what it was told last", async () => {
  const profiles = new MemoryProfiles();
  const [id, username] = [userId("1"), "ann"];
  for (const displayName of ["Ann", "앤"]) profiles.set({ id, username, displayName });
  expect(await profiles.byIds([id])).toEqual([{ id, username, displayName: "앤" }]);
});
