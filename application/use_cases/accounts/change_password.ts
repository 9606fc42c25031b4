import type {
  AccountsElsewhere,
  CredentialsWrong,
  RateLimited,
  Result,
  SessionId,
  TextInvalid,
  TooManyAtOnce,
  UserId,
} from "../../../domain/mod.ts";
import { accepted, judgePassword, refused } from "../../../domain/mod.ts";
import type { Chat } from "../../chat.ts";
import { accountsOf, allow, endOtherSessions, hashing } from "./_accounts.ts";

export interface ChangePasswordInput {
  readonly userId: UserId;
  /** The session that asks; it goes on, every other one of the user ends. */
  readonly sessionId: SessionId;
  readonly currentPassword: string;
  readonly newPassword: string;
}

export type ChangePasswordRefusal = TextInvalid | CredentialsWrong | RateLimited | TooManyAtOnce | AccountsElsewhere;

/** Change one's password, proving the one of before, and end all other sessions. */
export async function changePassword(
  chat: Pick<Chat, "accounts" | "accountLimits" | "rateLimits" | "liveSessions">,
  { userId, sessionId, currentPassword, newPassword }: ChangePasswordInput,
): Promise<Result<null, ChangePasswordRefusal>> {
  const found = accountsOf(chat);
  if (!found.ok) return found;
  const { users, hasher } = found.value;
  const invalid = judgePassword(newPassword);
  if (invalid) return refused(invalid);
  // A session that was stolen must not guess the password, and whoever tries to sign in must not keep its owner from it.
  const limited = await allow(chat, `change_password:user:${userId}`, chat.accountLimits.signInsByName);
  if (limited) return refused(limited);
  const account = await users.byId(userId);
  if (account === null || judgePassword(currentPassword)) return refused({ code: "CREDENTIALS_WRONG" });
  const right = await hashing(() => hasher.verify(currentPassword, account.passwordHash));
  if (!right.ok) return right;
  if (!right.value) return refused({ code: "CREDENTIALS_WRONG" });
  const hash = await hashing(() => hasher.hash(newPassword));
  if (!hash.ok) return hash;
  await users.setPasswordHash(userId, hash.value);
  await endOtherSessions(chat, found.value, userId, sessionId);
  return accepted(null);
}
