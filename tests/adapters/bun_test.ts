import { describe, expect, test } from "bun:test";
import { BunClock, BunIds, BunPasswordHasher, HashesExhausted } from "../../adapters/bun/mod.ts";
import { testClock } from "../contracts/clock.ts";
import { testIds } from "../contracts/ids.ts";
import { testPasswordHasher } from "../contracts/password_hasher.ts";

describe("BunClock", () =>
  testClock(async () => {
    const clock = new BunClock();
    return { subject: { clock, pass } };
  }));

/** Time of this machine passes by itself; timers may be late, so what is due may want one more turn. */
async function pass(milliseconds: number): Promise<void> {
  const end = performance.now() + milliseconds;
  do await new Promise((resolve) => setTimeout(resolve, Math.max(2, end - performance.now())));
  while (performance.now() < end + 2);
}

describe("BunIds", () => testIds(async () => ({ subject: new BunIds() })));

/** Parameters that are quick to compute, and no protection. */
const quick = { memoryCost: 8, timeCost: 1 };

describe("BunPasswordHasher", () => {
  testPasswordHasher(async () => ({ subject: new BunPasswordHasher(quick) }));

  test("hash() takes 64 MiB and two rounds by default", async () => {
    expect(await new BunPasswordHasher().hash("correct horse")).toStartWith("$argon2id$v=19$m=65536,t=2,p=1$");
  });

  test("hash() does so many at once, lets so many wait, and throws beyond", async () => {
    const hasher = new BunPasswordHasher({ ...quick, atOnce: 2, waiting: 3 });
    const settled = await Promise.allSettled(Array.from({ length: 8 }, () => hasher.hash("correct horse")));
    const failed = settled.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    expect(failed).toHaveLength(3);
    for (const error of failed) {
      expect(error).toBeInstanceOf(HashesExhausted);
      expect(error).toMatchObject({ code: "TOO_MANY_AT_ONCE", limit: 5 });
    }
    expect(await hasher.hash("correct horse")).toStartWith("$argon2id$");
  });

  test("hash() gives its place on when it fails", async () => {
    const made = await new BunPasswordHasher(quick).hash("correct horse");
    // Bun takes no such memory, so each hash fails; what is verified brings its own parameters.
    const hasher = new BunPasswordHasher({ memoryCost: 1, timeCost: 1, atOnce: 1, waiting: 1 });
    for (const _ of ["once", "again", "and again"]) {
      const failed = await hasher.hash("correct horse").catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(Error);
      expect(failed).not.toBeInstanceOf(HashesExhausted);
    }
    expect(await hasher.verify("correct horse", made)).toBeTrue();
  });
});
