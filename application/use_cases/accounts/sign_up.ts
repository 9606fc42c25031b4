import type {
  AccountsElsewhere,
  RateLimited,
  Result,
  TextInvalid,
  TooManyAtOnce,
  UsernameTaken,
} from "../../../domain/mod.ts";
import {
  accepted,
  foldUsername,
  judgeDisplayName,
  judgePassword,
  judgeUsername,
  refused,
  userId,
} from "../../../domain/mod.ts";
import type { Chat } from "../../chat.ts";
import type { SignedIn } from "./_accounts.ts";
import { accountsOf, allow, hashing } from "./_accounts.ts";

export interface SignUpInput {
  readonly username: string;
  readonly password: string;
  /** The username if null. */
  readonly displayName: string | null;
  /** From where, to limit how often. */
  readonly address: string;
}

export type SignUpRefusal = TextInvalid | UsernameTaken | RateLimited | TooManyAtOnce | AccountsElsewhere;

/** Make an account and sign in to it. */
export async function signUp(
  chat: Pick<Chat, "accounts" | "accountLimits" | "rateLimits" | "ids" | "clock">,
  { username, password, displayName, address }: SignUpInput,
): Promise<Result<SignedIn, SignUpRefusal>> {
  const found = accountsOf(chat);
  if (!found.ok) return found;
  const accounts = found.value;
  const shown = displayName ?? username;
  const invalid = judgeUsername(username) ?? judgePassword(password) ?? judgeDisplayName(shown);
  if (invalid) return refused(invalid);
  const limited = await allow(chat, `sign_up:address:${address}`, chat.accountLimits.signUpsByAddress);
  if (limited) return refused(limited);
  // Looked up before hashing, which costs; that two who ask at once do not both get the name is the store's matter.
  if (await accounts.users.byUsername(foldUsername(username))) return refused({ code: "USERNAME_TAKEN", username });
  const hash = await hashing(() => accounts.hasher.hash(password));
  if (!hash.ok) return hash;
  const user = { id: userId(chat.ids.random()), username, displayName: shown, createdAt: chat.clock.now() };
  const created = await accounts.users.create({ user, passwordHash: hash.value });
  if (!created.ok) return created;
  const { session, token } = await accounts.sessions.issue(user.id);
  return accepted({ user: created.value, token, expiresAt: session.expiresAt });
}
