import { afterEach, describe, expect, jest, spyOn, test } from "bun:test";
import { join } from "node:path";
import { BunClock, BunIds, BunPasswordHasher, HashesExhausted } from "../../adapters/bun/mod.ts";
import { collect } from "../contracts/_awaiting.ts";
import { testClock } from "../contracts/clock.ts";
import { testIds } from "../contracts/ids.ts";
import { testPasswordHasher } from "../contracts/password_hasher.ts";

describe("BunClock", () => {
  testClock(async () => {
    jest.useFakeTimers();
    const pass = async (milliseconds: number) => void jest.advanceTimersByTime(milliseconds);
    return {
      subject: { clock: new BunClock(), pass },
      async close() {
        jest.useRealTimers();
      },
    };
  });

  test("now() tells the time of this machine", () => {
    const before = Date.now();
    expect(new BunClock().now()).toBeWithin(before, Date.now() + 1);
  });

  test("after() does not keep the process alive", () => {
    const door = join(import.meta.dir, "../../adapters/bun/mod.ts");
    const script = `import { BunClock } from ${JSON.stringify(door)}; new BunClock().after(3_600_000, () => {});`;
    const { exitCode } = Bun.spawnSync([process.execPath, "-e", script], { timeout: 30_000 });
    expect(exitCode).toBe(0);
  });
});

describe("BunIds", () => {
  testIds(async () => ({ subject: new BunIds() }));

  test("derived() makes the names that rooms of before bear already", () => {
    expect(new BunIds().derived("chatroom", ["ann", "first"])).toBe("zDsbTJN38rZHoWRPLQArN2");
  });
});

/** Parameters that are quick to compute, and no protection. */
const quick = { memoryCost: 8, timeCost: 1 };

/** Has Bun hash and verify by waiting until `endOne` is called, the oldest first. */
function heldHashes() {
  const begun = collect<string>();
  const held: (() => void)[] = [];
  const hold = (password: unknown) =>
    new Promise<void>((resolve) => {
      held.push(resolve);
      begun.add(String(password));
    });
  spyOn(Bun.password, "hash").mockImplementation((password) => hold(password).then(() => "hash"));
  spyOn(Bun.password, "verify").mockImplementation((password) => hold(password).then(() => true));
  return { begun, running: () => held.length, endOne: () => held.shift()?.() };
}

describe("BunPasswordHasher", () => {
  testPasswordHasher(async () => ({ subject: new BunPasswordHasher(quick) }));

  test("hash() takes 64 MiB and two rounds by default", async () => {
    expect(await new BunPasswordHasher().hash("correct horse")).toStartWith("$argon2id$v=19$m=65536,t=2,p=1$");
  });

  describe("with hashes that end when they are told to", () => {
    afterEach(() => jest.restoreAllMocks());

    test("hash() and verify() share the places, and hand them over in the order they were asked", async () => {
      const { begun, running, endOne } = heldHashes();
      const hasher = new BunPasswordHasher({ ...quick, atOnce: 2, waiting: 10 });
      const asked = ["a", "b", "c", "d"].map((name, index) =>
        index % 2 ? hasher.verify(name, "hash") : hasher.hash(name),
      );
      await begun.until(2);
      for (const late of ["e", "f", "g"]) {
        endOne();
        asked.push(hasher.hash(late));
        await begun.until(begun.items.length + 1);
        expect(running()).toBe(2);
      }
      for (let ended = 3; ended < asked.length; ended++) {
        await begun.until(Math.min(ended + 2, asked.length));
        expect(running()).toBeLessThanOrEqual(2);
        endOne();
      }
      await Promise.all(asked);
      expect(begun.items).toEqual(["a", "b", "c", "d", "e", "f", "g"]);
    });

    test("hash() does one at once if that is asked for, and has all places again after a rest", async () => {
      const { begun, running, endOne } = heldHashes();
      const hasher = new BunPasswordHasher({ ...quick, atOnce: 1, waiting: 1 });
      for (let round = 0; round < 3; round++) {
        const asked = [hasher.hash("first"), hasher.hash("second")];
        expect(await hasher.hash("third").catch((error: unknown) => error)).toBeInstanceOf(HashesExhausted);
        for (const so of [1, 2]) {
          await begun.until(2 * round + so);
          expect(running()).toBe(1);
          endOne();
        }
        await Promise.all(asked);
      }
    });

    test("verify() throws what is not about the hash", async () => {
      const fault = Object.assign(new Error("no memory"), { code: "PASSWORD_OUT_OF_MEMORY" });
      spyOn(Bun.password, "verify").mockRejectedValue(fault);
      const hasher = new BunPasswordHasher(quick);
      expect(await hasher.verify("correct horse", "hash").catch((error: unknown) => error)).toBe(fault);
    });
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
