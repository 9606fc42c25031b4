import { userId } from "../../domain/mod.ts";

/** Texts that a store must give back as they came: what is stored otherwise, once, is lost for ever. */
export const ODD_TEXTS: readonly string[] = [
  "😀 𝒳 \u{10FFFF}",
  "👩‍👩‍👧‍👦",
  "first line\nsecond\r\n\tthird",
  "한글 é",
  "한글 é".normalize("NFD"),
  "  padded  ",
  "\uFEFFmarked",
  "\u2028\u2029\u0001.\u007F",
  "\uFFFD\uFFFE\uFFFF",
  `' " \` \\ % _ $1 ? :name ; --`,
  '{"$where":"1"}',
  "__proto__",
  "null",
  "0",
  "😀".repeat(4_000),
  "\\u0000",
];

/** User ids of a host, any two of which are two users. */
export const ODD_USERS = [
  "a:b",
  "a:b:c",
  "a.b",
  "$set",
  "__proto__",
  "constructor",
  "사용자",
  "사용자".normalize("NFD"),
  "A",
  "a",
  "a ",
  " a",
  "å",
  "%",
  "_",
  "\\",
  "'; drop table users; --",
  "two\nlines\tand a tab",
  "😀",
  "\uFFFD",
  "null",
  "1",
  "01",
  "🦊".repeat(128),
].map(userId);
