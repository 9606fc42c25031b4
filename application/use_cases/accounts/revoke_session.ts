import type { AccountsElsewhere, Result, SessionId, SessionMissing, UserId } from "../../../domain/mod.ts";
import { accepted, refused } from "../../../domain/mod.ts";
import type { Chat } from "../../chat.ts";
import { accountsOf } from "./_accounts.ts";

export interface RevokeSessionInput {
  readonly userId: UserId;
  readonly sessionId: SessionId;
}

/** End a session of one's own, and with it every connection that uses it. */
export async function revokeSession(
  chat: Pick<Chat, "accounts" | "liveSessions">,
  { userId, sessionId }: RevokeSessionInput,
): Promise<Result<null, SessionMissing | AccountsElsewhere>> {
  const accounts = accountsOf(chat);
  if (!accounts.ok) return accounts;
  const { sessions } = accounts.value;
  const own = await sessions.list(userId);
  if (!own.some(({ id }) => id === sessionId)) return refused({ code: "SESSION_MISSING" });
  await sessions.revoke(sessionId);
  chat.liveSessions.end({ sessionId });
  return accepted(null);
}
