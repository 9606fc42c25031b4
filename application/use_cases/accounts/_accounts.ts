import type {
  AccountsElsewhere,
  RateLimited,
  Result,
  Timestamp,
  TooManyAtOnce,
  User,
  UserId,
} from "../../../domain/mod.ts";
import { accepted, refused } from "../../../domain/mod.ts";
import type { Accounts, Chat } from "../../chat.ts";
import type { RateLimit } from "../../ports/mod.ts";

/** That somebody is signed in, and the one proof of it. */
export interface SignedIn {
  readonly user: User;
  /** The secret that proves the session: sent as cookie, as bearer, or in `connectionParams`. Told this once. */
  readonly token: string;
  readonly expiresAt: Timestamp;
}

/** The accounts of this chat, unless a host keeps them. */
export function accountsOf({ accounts }: Pick<Chat, "accounts">): Result<Accounts, AccountsElsewhere> {
  return accounts ? accepted(accounts) : refused({ code: "ACCOUNTS_ELSEWHERE" });
}

/** Count one more time under a key, or tell how long to wait. */
export async function allow(
  { rateLimits }: Pick<Chat, "rateLimits">,
  key: string,
  limit: RateLimit,
): Promise<RateLimited | null> {
  const retryAfter = await rateLimits.take(key, limit);
  return retryAfter > 0 ? { code: "RATE_LIMITED", retryAfter } : null;
}

/** Do what hashes a password, unless too many are being hashed: the hasher throws that as an error of this code. */
export async function hashing<T>(work: () => Promise<T>): Promise<Result<T, TooManyAtOnce>> {
  try {
    return accepted(await work());
  } catch (fault) {
    if (!isExhausted(fault)) throw fault;
    return refused({ code: "TOO_MANY_AT_ONCE", what: "password_hashes", limit: fault.limit });
  }
}

function isExhausted(fault: unknown): fault is { readonly limit: number } {
  return fault instanceof Error && "code" in fault && fault.code === "TOO_MANY_AT_ONCE" && "limit" in fault;
}

/** End every session of a user but one. */
export async function endOtherSessions(
  { liveSessions }: Pick<Chat, "liveSessions">,
  { sessions }: Accounts,
  userId: UserId,
  kept: string,
): Promise<void> {
  for (const { id } of await sessions.list(userId)) {
    if (id === kept) continue;
    await sessions.revoke(id);
    liveSessions.end({ sessionId: id });
  }
}
