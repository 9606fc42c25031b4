import { describe, expect, test } from "bun:test";
import { BunPasswordHasher } from "../../adapters/bun/mod.ts";
import { LuciaSessions } from "../../adapters/lucia/mod.ts";
import {
  MemoryClock,
  MemoryIds,
  MemoryRateLimits,
  MemorySessionStore,
  MemoryUsers,
} from "../../adapters/memory/mod.ts";
import type { AccountLimits, Chat, PasswordHasher } from "../../application/mod.ts";
import {
  ACCOUNT_LIMITS,
  changePassword,
  createLiveSessions,
  listSessions,
  revokeSession,
  signIn,
  signOut,
  signUp,
  updateProfile,
} from "../../application/mod.ts";
import { sessionId } from "../../domain/mod.ts";
import { granted } from "./_chats.ts";

type Accounted = Pick<Chat, "accounts" | "accountLimits" | "rateLimits" | "ids" | "clock" | "liveSessions">;

function accounted(accountLimits: AccountLimits = ACCOUNT_LIMITS): Accounted & { readonly clock: MemoryClock } {
  const clock = new MemoryClock(Date.now());
  const users = new MemoryUsers();
  const hasher = new BunPasswordHasher({ memoryCost: 8, timeCost: 1, atOnce: 1, waiting: 3 });
  return {
    accounts: { users, hasher, sessions: new LuciaSessions(new MemorySessionStore(), clock) },
    accountLimits,
    rateLimits: new MemoryRateLimits(clock),
    ids: new MemoryIds(1),
    clock,
    liveSessions: createLiveSessions(clock),
  };
}

const address = "192.0.2.1";
const ann = { username: "Ann", password: "correct horse", displayName: null, address };

describe("signUp()", () => {
  test("makes an account whose session the token proves", async () => {
    const chat = accounted();
    const { user, token, expiresAt } = granted(await signUp(chat, ann));
    expect(user).toMatchObject({ username: "Ann", displayName: "Ann", createdAt: chat.clock.now() });
    expect(await chat.accounts?.sessions.validate(token)).toMatchObject({ userId: user.id, expiresAt });
    expect(JSON.stringify(user)).not.toContain("hash");
  });

  test("gives a name once, whatever its case and form, also to many at once", async () => {
    const chat = accounted({ ...ACCOUNT_LIMITS, signUpsByAddress: { times: 100, within: 1_000 } });
    const forms = ["ann", "ANN", "Ａｎｎ"].map((username) => signUp(chat, { ...ann, username }));
    const answers = await Promise.all(forms);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    const taken = answers.flatMap((answer) => (answer.ok ? [] : [answer.error.code]));
    expect(taken).toEqual(["USERNAME_TAKEN", "USERNAME_TAKEN"]);
  });

  test("refuses what does not fit, before it costs a hash", async () => {
    const chat = accounted();
    expect<unknown>(await signUp(chat, { ...ann, password: "short" })).toMatchObject({
      error: { field: "password", reason: "too_short" },
    });
    expect<unknown>(await signUp(chat, { ...ann, username: "a b" })).toMatchObject({
      error: { field: "username", reason: "characters" },
    });
    expect<unknown>(await signUp(chat, { ...ann, displayName: "\u200b" })).toMatchObject({
      error: { field: "displayName", reason: "blank" },
    });
  });

  test("hashes only so many at once", async () => {
    const chat = accounted();
    const many = Array.from({ length: 6 }, (_, index) => signUp(chat, { ...ann, username: `user${index}` }));
    const answers = await Promise.all(many);
    const refusals = answers.flatMap((answer) => (answer.ok ? [] : [answer.error]));
    expect<unknown>(refusals).toEqual(Array(2).fill({ code: "TOO_MANY_AT_ONCE", what: "password_hashes", limit: 4 }));
  });

  test("is limited by address", async () => {
    const chat = accounted({ ...ACCOUNT_LIMITS, signUpsByAddress: { times: 1, within: 60_000 } });
    granted(await signUp(chat, ann));
    const again = { ...ann, username: "another" };
    expect<unknown>(await signUp(chat, again)).toEqual({
      ok: false,
      error: { code: "RATE_LIMITED", retryAfter: 60_000 },
    });
    expect((await signUp(chat, { ...again, address: "192.0.2.2" })).ok).toBeTrue();
    await chat.clock.advance(60_000);
    expect((await signUp(chat, { ...again, username: "third" })).ok).toBeTrue();
  });

  test("is limited also where it only tells whether a name is taken", async () => {
    const chat = accounted({ ...ACCOUNT_LIMITS, signUpsByAddress: { times: 2, within: 60_000 } });
    granted(await signUp(chat, ann));
    const asked = [await signUp(chat, ann), await signUp(chat, ann)];
    const codes = asked.map((answer) => (answer.ok ? "ok" : answer.error.code));
    expect(codes).toEqual(["USERNAME_TAKEN", "RATE_LIMITED"]);
  });
});

describe("signIn()", () => {
  test("takes the name in any form, and tells a wrong name from a wrong password by nothing", async () => {
    const chat = accounted();
    const { user } = granted(await signUp(chat, ann));
    expect(granted(await signIn(chat, { ...ann, username: "ａＮＮ" })).user).toEqual(user);
    const wrong = { ok: false, error: { code: "CREDENTIALS_WRONG" } };
    expect<unknown>(await signIn(chat, { ...ann, password: "wrong horse" })).toEqual(wrong);
    expect<unknown>(await signIn(chat, { ...ann, username: "nobody" })).toEqual(wrong);
  });

  test("neither folds, hashes nor counts by name what no account can have", async () => {
    const chat = accounted();
    const keys: string[] = [];
    const rateLimits = { take: async (key: string) => keys.push(key) - keys.length };
    const hasher = { hash: fail, verify: fail };
    const guarded = { ...chat, rateLimits, accounts: chat.accounts && { ...chat.accounts, hasher } };
    const long = "\u0300\u0316".repeat(32_000);
    for (const asked of [{ username: long }, { password: long }, { username: "ﷺ".repeat(32) }, { password: "" }]) {
      expect<unknown>(await signIn(guarded, { ...ann, ...asked })).toEqual({
        ok: false,
        error: { code: "CREDENTIALS_WRONG" },
      });
    }
    expect(keys).toEqual(Array(4).fill(`sign_in:address:${address}`));
  });

  test("is limited by name from any address, and by address for any name", async () => {
    const chat = accounted({
      ...ACCOUNT_LIMITS,
      signInsByName: { times: 2, within: 1_000 },
      signInsByAddress: { times: 3, within: 5_000 },
    });
    granted(await signUp(chat, ann));
    const from = (address: string, username = "ann") => signIn(chat, { username, password: "guess guess", address });
    await from("a");
    await from("b");
    expect<unknown>(await from("c")).toEqual({ ok: false, error: { code: "RATE_LIMITED", retryAfter: 1_000 } });
    for (const name of ["x1", "x2", "x3"]) await from("d", name);
    expect<unknown>(await from("d", "x4")).toEqual({ ok: false, error: { code: "RATE_LIMITED", retryAfter: 5_000 } });
    await chat.clock.advance(1_000);
    expect((await signIn(chat, { ...ann, address: "e" })).ok).toBeTrue();
  });
});

async function fail(): Promise<never> {
  throw new Error("must not be asked to hash");
}

describe("sessions", () => {
  test("do not begin by the password of before, when it was changed while it was being verified", async () => {
    const chat = accounted();
    const { user, token } = granted(await signUp(chat, ann));
    const { accounts } = chat;
    const own = await accounts?.sessions.validate(token);
    if (!accounts || !own) throw new Error("is signed in");
    const change = { userId: user.id, sessionId: own.id, currentPassword: ann.password, newPassword: "another horse" };
    const hasher: PasswordHasher = {
      hash: (password) => accounts.hasher.hash(password),
      async verify(password, hash) {
        const right = await accounts.hasher.verify(password, hash);
        granted(await changePassword(chat, change));
        return right;
      },
    };
    const late = await signIn({ ...chat, accounts: { ...accounts, hasher } }, ann);
    expect<unknown>(late).toEqual({ ok: false, error: { code: "CREDENTIALS_WRONG" } });
    expect((await accounts.sessions.list(user.id)).map(({ id }) => id)).toEqual([own.id]);
  });

  test("end by signing out, by being revoked and by a changed password, with what they hold", async () => {
    const chat = accounted();
    const { user, token } = granted(await signUp(chat, ann));
    const own = await chat.accounts?.sessions.validate(token);
    if (!own) throw new Error("is signed in");
    const others = [granted(await signIn(chat, ann)), granted(await signIn(chat, ann))];
    const listed = granted(await listSessions(chat, { userId: user.id, currentId: own.id }));
    expect(listed.map(({ current }) => current).toSorted()).toEqual([false, false, true]);
    const held = listed.map((session) => chat.liveSessions.hold(session, chat.liveSessions.mark()).session);
    const alive = () => held.filter(({ ended }) => !ended.aborted).length;
    const other = listed.find(({ current }) => !current)?.id ?? sessionId("none");
    granted(await revokeSession(chat, { userId: user.id, sessionId: other }));
    expect(alive()).toBe(2);
    const change = { userId: user.id, sessionId: own.id, currentPassword: ann.password, newPassword: "another horse" };
    granted(await changePassword(chat, change));
    expect(alive()).toBe(1);
    for (const { token } of others) expect(await chat.accounts?.sessions.validate(token)).toBeNull();
    granted(await signOut(chat, { sessionId: own.id }));
    expect(alive()).toBe(0);
    expect(await chat.accounts?.sessions.validate(token)).toBeNull();
    expect((await signIn(chat, ann)).ok).toBeFalse();
    expect((await signIn(chat, { ...ann, password: "another horse" })).ok).toBeTrue();
  });

  test("of others cannot be revoked, and a password not changed without the one of before", async () => {
    const chat = accounted();
    const { user } = granted(await signUp(chat, ann));
    const { user: bora } = granted(await signUp(chat, { ...ann, username: "bora" }));
    const [session] = await (chat.accounts?.sessions.list(user.id) ?? []);
    const id = session?.id ?? sessionId("none");
    expect<unknown>(await revokeSession(chat, { userId: bora.id, sessionId: id })).toEqual({
      ok: false,
      error: { code: "SESSION_MISSING" },
    });
    const guess = { userId: user.id, sessionId: id, currentPassword: "guess guess", newPassword: "another horse" };
    expect<unknown>(await changePassword(chat, guess)).toEqual({ ok: false, error: { code: "CREDENTIALS_WRONG" } });
    expect((await chat.accounts?.sessions.list(user.id))?.length).toBe(1);
  });
});

describe("createLiveSessions()", () => {
  test("ends a session at its expiry, also one that lies further off than timers reach", async () => {
    const clock = new MemoryClock();
    const live = createLiveSessions(clock);
    const expiresAt = (clock.now() + 40 * 86_400_000) as ReturnType<MemoryClock["now"]>;
    const { session } = live.hold({ id: sessionId("s"), userId: "ann" as never, expiresAt }, live.mark());
    await clock.advance(40 * 86_400_000 - 1);
    expect(session.ended.aborted).toBeFalse();
    await clock.advance(1);
    expect(session.ended.aborted).toBeTrue();
  });

  test("ends what was revoked while it was being authenticated, and nothing that came after", () => {
    const live = createLiveSessions(new MemoryClock());
    const session = { id: sessionId("s"), userId: "ann" as never, expiresAt: null };
    const mark = live.mark();
    live.end({ sessionId: session.id });
    expect(live.hold(session, mark).session.ended.aborted).toBeTrue();
    expect(live.hold(session, live.mark()).session.ended.aborted).toBeFalse();
  });
});

describe("a chat whose users a host keeps", () => {
  test("refuses what is of accounts", async () => {
    const chat = { ...accounted(), accounts: null };
    const elsewhere = { ok: false, error: { code: "ACCOUNTS_ELSEWHERE" } };
    expect<unknown>(await signUp(chat, ann)).toEqual(elsewhere);
    expect<unknown>(await signIn(chat, ann)).toEqual(elsewhere);
    expect<unknown>(await updateProfile(chat, { userId: "ann" as never, displayName: "A" })).toEqual(elsewhere);
  });
});
