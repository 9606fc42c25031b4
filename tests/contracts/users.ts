import { expect } from "bun:test";
import type { Account, Users } from "../../application/mod.ts";
import { foldUsername, timestamp, userId } from "../../domain/mod.ts";
import { ODD_TEXTS, ODD_USERS } from "./_odd_texts.ts";
import type { Case, Proofs, Setup } from "./_setup.ts";
import { casesOf, register } from "./_setup.ts";

export function usersCases(setup: Setup<Users>): readonly Case[] {
  return casesOf(setup, proofs);
}

export function testUsers(setup: Setup<Users>): void {
  register(usersCases(setup));
}

function account(id: string, username: string): Account {
  const user = { id: userId(id), username, displayName: `${username} 님`, createdAt: timestamp(1_700_000_000_123) };
  return { user, passwordHash: `$argon2id$v=19$hash of ${id}` };
}

const proofs: Proofs<Users> = {
  "create() keeps an account, which is found by its folded name and by its id": async (users) => {
    const ann = account("1", "Ann");
    expect(await users.create(ann)).toEqual({ ok: true, value: ann.user });
    expect(await users.byUsername("ann")).toEqual(ann);
    expect(await users.byId(ann.user.id)).toEqual(ann);
  },

  "byUsername() and byId() answer null where there is no account": async (users) => {
    await users.create(account("1", "Ann"));
    // The name is asked for as it is folded: folding is the caller's.
    expect(await users.byUsername("Ann")).toBeNull();
    expect(await users.byUsername("")).toBeNull();
    expect(await users.byId(userId("Ann"))).toBeNull();
  },

  "byUsername() answers no account for a name that an object has by itself, until someone takes it": async (users) => {
    await users.create(account("1", "Ann"));
    for (const [index, name] of ["constructor", "tostring", "valueof", "null", "0"].entries()) {
      expect(await users.byUsername(name)).toBeNull();
      const taking = account(`taking${index}`, name);
      expect((await users.create(taking)).ok).toBeTrue();
      expect(await users.byUsername(name)).toEqual(taking);
    }
    expect(await users.byUsername("__proto__")).toBeNull();
  },

  "create() keeps usernames as they came": async (users) => {
    for (const [index, name] of [
      "Straße",
      "Ｗｉｄｅ",
      "나라".normalize("NFD"),
      "İstanbul",
      "𝒳𝒴",
      "a.b-c_d",
    ].entries()) {
      const kept = account(String(index), name);
      await users.create(kept);
      expect(await users.byUsername(foldUsername(name))).toStrictEqual(kept);
    }
  },

  "create() refuses a name that differs by case or Unicode form alone, and keeps the account of before": async (
    users,
  ) => {
    const first = account("1", "사랑Ann");
    await users.create(first);
    for (const [index, taken] of ["사랑ann", "사랑ANN", "사랑Ann".normalize("NFD"), "사랑Ａnn"].entries()) {
      const refused = await users.create(account(`other${index}`, taken));
      expect<unknown>(refused).toEqual({ ok: false, error: { code: "USERNAME_TAKEN", username: taken } });
      expect(await users.byId(userId(`other${index}`))).toBeNull();
      expect(await users.byUsername(foldUsername(taken))).toEqual(first);
    }
  },

  "create() gives a name to one of many who ask at once": async (users) => {
    const many = Array.from({ length: 20 }, (_, index) => account(String(index), index % 2 ? "ann" : "ANN"));
    const answers = await Promise.all(many.map((one) => users.create(one)));
    const created = answers.flatMap((answer) => (answer.ok ? [answer.value] : []));
    expect(created).toHaveLength(1);
    expect((await users.byUsername("ann"))?.user).toEqual(created[0]);
    const refusals = answers.flatMap((answer, index) => (answer.ok ? [] : [[answer.error, many[index]] as const]));
    expect(refusals).toHaveLength(19);
    for (const [error, asked] of refusals) {
      expect<unknown>(error).toEqual({ code: "USERNAME_TAKEN", username: asked?.user.username });
      expect(await users.byId(asked?.user.id ?? userId(""))).toBeNull();
    }
  },

  "create() lets many who ask at once for names of their own have them": async (users) => {
    const many = Array.from({ length: 20 }, (_, index) => account(String(index), `user${index}`));
    const answers = await Promise.all(many.map((one) => users.create(one)));
    expect<unknown>(answers).toEqual(many.map(({ user }) => ({ ok: true, value: user })));
    for (const one of many) expect(await users.byId(one.user.id)).toEqual(one);
  },

  "setPasswordHash() and setDisplayName() alter that, of that account alone": async (users) => {
    const [ann, bora] = [account("1", "ann"), account("2", "보라")];
    for (const one of [ann, bora]) await users.create(one);
    await users.setPasswordHash(ann.user.id, "another hash");
    expect(await users.byId(ann.user.id)).toEqual({ ...ann, passwordHash: "another hash" });
    await users.setDisplayName(ann.user.id, "앤 😀");
    const altered = { user: { ...ann.user, displayName: "앤 😀" }, passwordHash: "another hash" };
    expect(await users.byId(ann.user.id)).toEqual(altered);
    expect(await users.byUsername("ann")).toEqual(altered);
    expect(await users.byUsername("보라")).toEqual(bora);
    await users.setDisplayName(userId("nobody"), "Nobody");
    await users.setPasswordHash(userId("nobody"), "a hash");
    expect(await users.byId(userId("nobody"))).toBeNull();
  },

  "setDisplayName() keeps every text as it came": async (users) => {
    const ann = account("1", "ann");
    await users.create(ann);
    for (const displayName of ODD_TEXTS.filter(({ length }) => length <= 64)) {
      await users.setDisplayName(ann.user.id, displayName);
      expect((await users.byId(ann.user.id))?.user).toStrictEqual({ ...ann.user, displayName });
    }
  },

  "users of any id are two where their ids differ": async (users) => {
    for (const [index, id] of ODD_USERS.entries()) await users.create(account(id, `user${index}`));
    for (const [index, id] of ODD_USERS.entries()) {
      expect((await users.byId(id))?.user).toMatchObject({ id, username: `user${index}` });
    }
  },
};
