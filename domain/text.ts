import type { TextInvalid } from "./refusals.ts";

/** The length of a text in code points, which is how every limit of a text counts. */
export function codePoints(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length - 1; index++) {
    if (isHighSurrogate(text.charCodeAt(index)) && isLowSurrogate(text.charCodeAt(index + 1))) length--;
  }
  return length;
}

/** Whether a text can be stored and sent unchanged everywhere: no lone surrogate, no NUL. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\u0000");
}

/** Whether a text shows nothing: white space, control, format and filler characters alone. */
export function isBlank(text: string): boolean {
  return !/[^\p{White_Space}\p{Cc}\p{Cf}\u115F\u1160\u2800\u3164\uFFA0]/u.test(text);
}

/**
 * The form in which texts are compared and searched: NFKC and full case folding (approximated by upper, then lower
 * case, so that `ß` meets `SS` and `ς` meets `σ`). Folding twice is folding once.
 */
export function fold(text: string): string {
  const folded = text.normalize("NFKC").toUpperCase().toLowerCase().replaceAll("ς", "σ").normalize("NFKC");
  return folded === text ? text : fold(folded);
}

/** Order two texts by their code points, as UTF-8 bytes order them (JavaScript's `<` orders UTF-16 code units). */
export function compareText(a: string, b: string): -1 | 0 | 1 {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const [left, right] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (left !== right) return rank(left) < rank(right) ? -1 : 1;
  }
  return a.length === b.length ? 0 : a.length < b.length ? -1 : 1;
}

/** Surrogates stand for the code points above U+FFFF, so they come after every other unit. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** What a text of a given purpose may be; lengths in code points. */
export interface TextRule {
  readonly field: TextInvalid["field"];
  readonly min: number;
  readonly max: number;
  /** Beyond what can be stored at all. */
  readonly form?: RegExp;
}

/** Judge a text by its rule, or answer null if it fits. The texts themselves are kept as they came. */
export function judgeText(text: string, { field, min, max, form }: TextRule): TextInvalid | null {
  const refuse = (reason: TextInvalid["reason"]): TextInvalid => ({ code: "TEXT_INVALID", field, reason, min, max });
  // A code point is at most two units: what is longer than that need not be counted to be too long.
  if (text.length > 2 * max || codePoints(text) > max) return refuse("too_long");
  if (!isStorable(text)) return refuse("characters");
  if (min > 0 && isBlank(text)) return refuse("blank");
  if (codePoints(text) < min) return refuse("too_short");
  return form && !form.test(text) ? refuse("characters") : null;
}
