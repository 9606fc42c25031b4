import type { UserId } from "./ids.ts";
import type { TextInvalid } from "./refusals.ts";
import { fold, judgeText } from "./text.ts";
import type { Timestamp } from "./timestamp.ts";

/** What others see of a user. A host that keeps its own users answers these. */
export interface Profile {
  readonly id: UserId;
  /** Unique among accounts, apart from case and Unicode form. */
  readonly username: string;
  readonly displayName: string;
}

/** Someone with an account here. */
export interface User extends Profile {
  readonly createdAt: Timestamp;
}

/** Letters, digits and `_ . -` of any script, beginning with a letter or a digit; nothing that does not show. */
const USERNAME = /^(?!.*\p{Default_Ignorable_Code_Point})[\p{L}\p{N}][\p{L}\p{M}\p{N}_.-]*$/u;

/** 2 to 32 code points, also once folded, so that the folded form needs no longer column. */
export function judgeUsername(username: string): TextInvalid | null {
  const rule = { field: "username", min: 2, max: 32, form: USERNAME } as const;
  return judgeText(username, rule) ?? judgeText(foldUsername(username), rule);
}

/** The form in which usernames are unique. */
export function foldUsername(username: string): string {
  return fold(username);
}

/** 1 to 64 code points that show something. */
export function judgeDisplayName(displayName: string): TextInvalid | null {
  return judgeText(displayName, { field: "displayName", min: 1, max: 64 });
}

/** 8 to 256 code points, of any kind. */
export function judgePassword(password: string): TextInvalid | null {
  return judgeText(password, { field: "password", min: 8, max: 256 });
}
