import type { AccountsElsewhere, Result, SessionId } from "../../../domain/mod.ts";
import { accepted } from "../../../domain/mod.ts";
import type { Chat } from "../../chat.ts";
import { accountsOf } from "./_accounts.ts";

/** End one's session, and with it every connection that uses it. */
export async function signOut(
  chat: Pick<Chat, "accounts" | "liveSessions">,
  { sessionId }: { readonly sessionId: SessionId },
): Promise<Result<null, AccountsElsewhere>> {
  const accounts = accountsOf(chat);
  if (!accounts.ok) return accounts;
  await accounts.value.sessions.revoke(sessionId);
  chat.liveSessions.end({ sessionId });
  return accepted(null);
}
