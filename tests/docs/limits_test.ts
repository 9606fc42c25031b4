import { describe, expect, test } from "bun:test";
import { ACCOUNT_LIMITS, SNAPSHOT_MESSAGES } from "../../application/mod.ts";
import type { CapacityInvalid, TextInvalid } from "../../domain/mod.ts";
import { judgeBody, judgeDisplayName, judgePassword, judgeSettings, judgeUsername } from "../../domain/mod.ts";
import { readDocument, tableRows } from "./_markdown.ts";

const { signInsByName, signInsByAddress, signUpsByAddress } = ACCOUNT_LIMITS;

/** What the code has, by a part of the row that is to tell it: its first cell, or what lies beyond. */
const LIMITS: Readonly<
  Record<"README.md" | "README.ko.md", readonly (readonly [row: string, ...numbers: number[]])[]>
> = {
  "README.md": [
    ["username", ...bounds(judgeUsername(""))],
    ["password", ...bounds(judgePassword(""))],
    ["display name", ...bounds(judgeDisplayName(""))],
    ["name and topic", ...bounds(judgeSettings({ name: "" })), ...bounds(judgeSettings({ topic: "x".repeat(9_999) }))],
    ["message", ...bounds(judgeBody(""))],
    ["members", ...bounds(judgeSettings({ capacity: 0 }))],
    ["messages in a snapshot", SNAPSHOT_MESSAGES],
    ["sign-ins", signInsByName.times, signInsByName.within / 60_000, signInsByAddress.times],
    ["sign-ups", signUpsByAddress.times],
  ],
  "README.ko.md": [
    ["사용자 이름", ...bounds(judgeUsername(""))],
    ["비밀번호", ...bounds(judgePassword(""))],
    ["표시 이름", ...bounds(judgeDisplayName(""))],
    ["방의 이름", ...bounds(judgeSettings({ name: "" })), ...bounds(judgeSettings({ topic: "x".repeat(9_999) }))],
    ["메시지", ...bounds(judgeBody(""))],
    ["방의 멤버", ...bounds(judgeSettings({ capacity: 0 }))],
    ["스냅숏의 메시지", SNAPSHOT_MESSAGES],
    ["로그인", signInsByName.times, signInsByName.within / 60_000, signInsByAddress.times],
    ["가입", signUpsByAddress.times],
  ],
};

describe.each(Object.entries(LIMITS))("the limits of %s", async (path, limits) => {
  const rows = tableRows(await readDocument(path));

  test.each(limits.map(([row, ...numbers]) => [row, numbers] as const))(
    "tell those of %s as they are",
    (row, numbers) => {
      const [, told = ""] = rows.find(([what = ""]) => what.startsWith(row)) ?? [];
      const found = (told.match(/\d[\d,]*/g) ?? []).map((number) => Number(number.replaceAll(",", "")));
      expect(numbers.filter((number) => !found.includes(number))).toEqual([]);
    },
  );
});

function bounds(refusal: TextInvalid | CapacityInvalid | null): [min: number, max: number] {
  if (refusal === null) throw new Error("what should be refused was not");
  return [refusal.min, refusal.max];
}
