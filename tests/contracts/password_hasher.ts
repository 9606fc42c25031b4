import { expect } from "bun:test";
import type { PasswordHasher } from "../../application/mod.ts";
import type { Case, Proofs, Setup } from "./_setup.ts";
import { casesOf, register } from "./_setup.ts";

export function passwordHasherCases(setup: Setup<PasswordHasher>): readonly Case[] {
  return casesOf(setup, proofs);
}

export function testPasswordHasher(setup: Setup<PasswordHasher>): void {
  register(passwordHasherCases(setup));
}

const proofs: Proofs<PasswordHasher> = {
  "verify() knows the password that made a hash, and no other": async (hasher) => {
    for (const password of ["correct horse", "비밀번호 🔑", "x".repeat(256)]) {
      const hash = await hasher.hash(password);
      expect(await hasher.verify(password, hash)).toBeTrue();
      for (const other of [`${password} `, password.slice(1), ""]) expect(await hasher.verify(other, hash)).toBeFalse();
    }
  },

  "verify() knows a password in any Unicode form": async (hasher) => {
    const hash = await hasher.hash("비밀번호é".normalize("NFC"));
    expect(await hasher.verify("비밀번호é".normalize("NFD"), hash)).toBeTrue();
    expect(await hasher.verify("ｃｏｒｒｅｃｔ", await hasher.hash("correct"))).toBeTrue();
  },

  "hash() makes another hash each time, which does not hold the password": async (hasher) => {
    const [one, two] = [await hasher.hash("correct horse"), await hasher.hash("correct horse")];
    expect(one).not.toBe(two);
    expect(one).not.toContain("correct");
    // It names its algorithm and parameters, so that a later one with others can still verify it.
    expect(one).toMatch(/^\$argon2id\$v=\d+\$m=\d+,t=\d+,p=\d+\$/);
  },

  "verify() answers false for what is no hash": async (hasher) => {
    const made = await hasher.hash("correct horse");
    const cut = [made.slice(0, -1), made.slice(1), made.slice(0, made.lastIndexOf("$")), `${made}\0`, `${made}$`];
    const odd = ["", "plain", "correct horse", "$argon2id$", "$argon2id$v=19$m=8,t=1,p=1$AA$AA", "\0", "\ud800"];
    for (const hash of [...cut, ...odd, "x".repeat(10_000)]) {
      expect(await hasher.verify("correct horse", hash)).toBeFalse();
    }
  },
};
