import { afterEach, beforeEach, describe, expect, setSystemTime, test } from "bun:test";
import { BunClock } from "../../adapters/bun/mod.ts";
import { LuciaSessions } from "../../adapters/lucia/mod.ts";
import { MemorySessionStore } from "../../adapters/memory/mod.ts";
import { userId } from "../../domain/mod.ts";
import { testSessions } from "../contracts/sessions.ts";

const ANN = userId("ann");
const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);

function sessionsOf(options?: ConstructorParameters<typeof LuciaSessions>[2]) {
  const store = new MemorySessionStore();
  return { store, sessions: new LuciaSessions(store, new BunClock(), options) };
}

/** Let so many milliseconds have passed since the start. */
function at(milliseconds: number): void {
  setSystemTime(START + milliseconds);
}

describe("LuciaSessions", () => {
  testSessions(async () => ({ subject: sessionsOf() }));
});

describe("LuciaSessions as time passes", () => {
  beforeEach(() => at(0));
  afterEach(() => void setSystemTime());

  test("issue() begins a session of thirty days, or of as many as are asked for", async () => {
    for (const [options, days] of [[undefined, 30] as const, [{ days: 7 }, 7] as const]) {
      const { session } = await sessionsOf(options).sessions.issue(ANN);
      expect<number>(session.createdAt).toBe(START);
      expect<number>(session.expiresAt).toBe(START + days * DAY);
    }
  });

  test("validate() leaves a session alone until half of its time is over, then gives it all of it anew", async () => {
    const { sessions, store } = sessionsOf();
    const { session, token } = await sessions.issue(ANN);
    at(15 * DAY - 1);
    expect(await sessions.validate(token)).toEqual(session);
    expect(await store.get(session.id)).toEqual(session);
    at(15 * DAY);
    const prolonged = await sessions.validate(token);
    expect(prolonged).toMatchObject({ id: session.id, createdAt: session.createdAt });
    expect<number | undefined>(prolonged?.expiresAt).toBe(START + 45 * DAY);
    expect(await store.get(session.id)).toEqual(prolonged);
  });

  test("validate() keeps a used session up for ever, and ends an unused one to the millisecond", async () => {
    const { sessions, store } = sessionsOf();
    const { token } = await sessions.issue(ANN);
    for (let day = 0; day <= 200; day += 20) {
      at(day * DAY);
      expect(await sessions.validate(token)).not.toBeNull();
    }
    at(230 * DAY - 1);
    expect(await sessions.list(ANN)).toHaveLength(1);
    at(230 * DAY);
    expect(await sessions.list(ANN)).toEqual([]);
    expect(await sessions.validate(token)).toBeNull();
    expect(await store.ofUser(ANN)).toEqual([]);
  });

  test("list() answers what was issued in the same millisecond, the last first", async () => {
    const { sessions } = sessionsOf();
    const [first, second] = [await sessions.issue(ANN), await sessions.issue(ANN)];
    expect(await sessions.list(ANN)).toEqual([second.session, first.session]);
  });
});

test("issue() makes a token of 256 bits, of which the id of the session is the SHA-256", async () => {
  const { session, token } = await sessionsOf().sessions.issue(ANN);
  expect(Buffer.from(token, "base64url")).toHaveLength(32);
  expect<string>(session.id).toBe(new Bun.CryptoHasher("sha256").update(token).digest("base64url"));
});
