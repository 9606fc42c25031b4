import type { AccountsElsewhere, Result, SessionId, UserId } from "../../../domain/mod.ts";
import { accepted } from "../../../domain/mod.ts";
import type { Chat } from "../../chat.ts";
import type { OwnSession } from "../../ports/mod.ts";
import { accountsOf } from "./_accounts.ts";

export interface ListSessionsInput {
  readonly userId: UserId;
  readonly currentId: SessionId;
}

/** A session of one's own. */
export interface ListedSession extends OwnSession {
  /** Whether this is the session that asks. */
  readonly current: boolean;
}

/** List where one is signed in, newest first. */
export async function listSessions(
  chat: Pick<Chat, "accounts">,
  { userId, currentId }: ListSessionsInput,
): Promise<Result<readonly ListedSession[], AccountsElsewhere>> {
  const accounts = accountsOf(chat);
  if (!accounts.ok) return accounts;
  const sessions = await accounts.value.sessions.list(userId);
  return accepted(sessions.map((session) => ({ ...session, current: session.id === currentId })));
}
