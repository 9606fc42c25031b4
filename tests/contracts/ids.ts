import { expect } from "bun:test";
import type { Ids } from "../../application/mod.ts";
import { ODD_USERS } from "./_odd_texts.ts";
import type { Case, Proofs, Setup } from "./_setup.ts";
import { casesOf, register } from "./_setup.ts";

export function idsCases(setup: Setup<Ids>): readonly Case[] {
  return casesOf(setup, proofs);
}

export function testIds(setup: Setup<Ids>): void {
  register(idsCases(setup));
}

const proofs: Proofs<Ids> = {
  "random() makes another name each time, of the form of a request id": async (ids) => {
    const names = Array.from({ length: 10_000 }, () => ids.random());
    expect(new Set(names).size).toBe(names.length);
    // 22 characters of 6 bits each are the first that hold 128 bits.
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{22,64}$/);
  },

  "derived() makes the same name of the same parts": async (ids) => {
    expect(ids.derived("room", ["ann", "1"])).toBe(ids.derived("room", ["ann", "1"]));
    expect(ids.derived("room", ["ann", "1"])).toMatch(/^[A-Za-z0-9_-]{22}$/);
  },

  "derived() makes another name of other parts, of parts divided otherwise, and of another tag": async (ids) => {
    const parts = [
      ["ab", "c"],
      ["a", "bc"],
      ["abc"],
      ["abc", ""],
      ["", "abc"],
      ["a", "b", "c"],
      [],
      [`a","b`],
      ["a", "b"],
      ["\ud800"],
      ["\ud801"],
      ...ODD_USERS.map((id) => [id]),
    ];
    const names = parts.flatMap((part) => [
      ids.derived("room", part),
      ids.derived("roo", part),
      ids.derived("room", ["room", ...part]),
    ]);
    expect(new Set(names).size).toBe(names.length);
  },
};
