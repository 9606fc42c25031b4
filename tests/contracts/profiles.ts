import { expect } from "bun:test";
import type { Profiles } from "../../application/mod.ts";
import type { Profile } from "../../domain/mod.ts";
import { userId } from "../../domain/mod.ts";
import { ODD_TEXTS, ODD_USERS } from "./_odd_texts.ts";
import type { Case, Proofs, Setup } from "./_setup.ts";
import { casesOf, register } from "./_setup.ts";

/** Profiles, and a way to have some. */
export interface ProfilesSubject {
  readonly profiles: Profiles;
  add(profile: Profile): Promise<void>;
}

export function profilesCases(setup: Setup<ProfilesSubject>): readonly Case[] {
  return casesOf(setup, proofs);
}

export function testProfiles(setup: Setup<ProfilesSubject>): void {
  register(profilesCases(setup));
}

function profile(id: string, username: string): Profile {
  return { id: userId(id), username, displayName: `${username} 님 😀` };
}

function byId(profiles: readonly Profile[]): readonly Profile[] {
  return profiles.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

const proofs: Proofs<ProfilesSubject> = {
  "byIds() answers the profiles of those asked for, and nothing else of them": async ({ profiles, add }) => {
    const [ann, bora, cho] = [profile("1", "ann"), profile("2", "보라"), profile("3", "cho")] as const;
    for (const one of [ann, bora, cho]) await add(one);
    expect(byId(await profiles.byIds([cho.id, ann.id]))).toEqual([ann, cho]);
    expect(await profiles.byIds([])).toEqual([]);
  },

  "byIds() leaves out users that there are not": async ({ profiles, add }) => {
    const ann = profile("1", "ann");
    await add(ann);
    expect(await profiles.byIds([userId("nobody"), ann.id])).toEqual([ann]);
  },

  "byIds() answers a user once who is asked for twice": async ({ profiles, add }) => {
    const ann = profile("1", "ann");
    await add(ann);
    expect(await profiles.byIds([ann.id, userId("nobody"), ann.id])).toEqual([ann]);
  },

  "byIds() answers names as they came": async ({ profiles, add }) => {
    const usernames = [
      "보라",
      "나라".normalize("NFD"),
      "Ｗｉｄｅ",
      "Straße",
      "İstanbul",
      "𝒳𝒴",
      "constructor",
      "a.b-c_d",
    ];
    const named = usernames.map((username, index) => profile(`named${index}`, username));
    const displayed = ODD_TEXTS.filter(({ length }) => length <= 64).map((displayName, index) => ({
      ...profile(`displayed${index}`, `user${index}`),
      displayName,
    }));
    for (const one of [...named, ...displayed]) await add(one);
    for (const one of [...named, ...displayed]) expect(await profiles.byIds([one.id])).toStrictEqual([one]);
  },

  "byIds() takes a thousand ids, of any kind": async ({ profiles, add }) => {
    const some = ODD_USERS.map((id, index) => profile(id, `user${index}`));
    for (const one of some) await add(one);
    const unknown = Array.from({ length: 1_000 - some.length }, (_, index) => userId(`unknown${index}`));
    expect(byId(await profiles.byIds([...unknown, ...ODD_USERS]))).toEqual(byId(some));
  },
};
