import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  codePoints,
  compareText,
  fold,
  formatPlace,
  isBlank,
  isStorable,
  judgeBody,
  judgeUsername,
  parsePlace,
} from "../../domain/mod.ts";

const anyText = fc.string({ unit: "binary" });

describe("codePoints()", () => {
  test("counts what a string's iterator yields", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.oneof(fc.constantFrom("\ud83d", "\ude00", "a", "가"), fc.string()) }),
        (text) => {
          expect(codePoints(text)).toBe([...text].length);
        },
      ),
    );
  });
});

describe("compareText()", () => {
  test("orders as UTF-8 bytes do", () => {
    const bytes = (text: string) => Buffer.from(text, "utf8");
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        expect(compareText(a, b)).toBe(Buffer.compare(bytes(a), bytes(b)) as -1 | 0 | 1);
      }),
    );
    expect(compareText("\u{1F600}", "\uFFFD")).toBe(1);
  });
});

describe("fold()", () => {
  test("makes one of what differs by case or Unicode form", () => {
    for (const [a, b] of [
      ["Ann", "aNN"],
      ["straße", "STRASSE"],
      ["Ａｎｎ", "ann"],
      ["사랑", "사랑".normalize("NFD")],
      ["ΟΔΟΣ", "οδος"],
      ["İ", "i̇"],
    ] as const) {
      expect(fold(a)).toBe(fold(b));
    }
  });

  test("folds once what it folds twice", () => {
    fc.assert(fc.property(anyText, (text) => expect(fold(fold(text))).toBe(fold(text))));
  });
});

describe("isBlank() and isStorable()", () => {
  test("tell what shows nothing, and what cannot be kept", () => {
    for (const blank of ["", " \n\t", "\u200b\u2060", "\u3164", "\ufeff", "\u00ad"]) expect(isBlank(blank)).toBeTrue();
    for (const shown of ["a", "사", "👩‍👩‍👧", "."]) expect(isBlank(shown)).toBeFalse();
    for (const broken of ["\ud800", "a\udc00", "a\0b"]) expect(isStorable(broken)).toBeFalse();
    expect(isStorable("😀\u202e")).toBeTrue();
  });
});

describe("judgeBody() and judgeUsername()", () => {
  test("count code points at their limits", () => {
    expect(judgeBody("😀".repeat(4_000))).toBeNull();
    expect(judgeBody("😀".repeat(4_001))).toEqual({
      code: "TEXT_INVALID",
      field: "body",
      reason: "too_long",
      min: 1,
      max: 4_000,
    });
    expect(judgeBody("\u3164 ")).toMatchObject({ reason: "blank" });
    expect(judgeBody("a\0")).toMatchObject({ reason: "characters" });
  });

  test("allow names of any script, and nothing that hides", () => {
    for (const name of ["ann", "보라", "a_b.c-d", "Zoë", "42"]) expect(judgeUsername(name)).toBeNull();
    expect(judgeUsername("a")).toMatchObject({ field: "username", reason: "too_short", min: 2, max: 32 });
    expect(judgeUsername("ﷺ".repeat(2))).toMatchObject({ field: "username" });
    for (const name of ["a b", "a\u200bb", "-ann", "a:b", "a\u202eb", "a\u3164b", "a\u034fb", "a\ufe0fb"])
      expect(judgeUsername(name)).toMatchObject({ reason: "characters" });
  });
});

describe("parsePlace()", () => {
  test("reads what formatPlace() wrote, and nothing else", () => {
    for (const written of ["abcd0123.0", "abcd0123.42", `abcd0123.${Number.MAX_SAFE_INTEGER}`]) {
      const place = parsePlace(written);
      expect(place && String(formatPlace(place))).toBe(written);
    }
    for (const forged of [
      "",
      "42",
      "abcd0123",
      "abcd0123.",
      "abcd0123.01",
      "abcd0123.-1",
      "abcd0123.1.1",
      "ABCD0123.1",
      "abcd0123.9007199254740993",
      "abcd0123.1 ",
      "abcd012.1",
    ]) {
      expect(parsePlace(forged)).toBeNull();
    }
  });
});
