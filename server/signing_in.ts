import type { Chat, LiveSession } from "../application/mod.ts";
import { codePoints, isStorable, sessionId, timestamp, userId } from "../domain/mod.ts";
import type { Asking, Authenticate, Authenticated } from "./authenticate.ts";
import type { Log } from "./faults.ts";

/** A session in use. */
export interface HeldSession {
  readonly session: LiveSession;
  release(): void;
}

/** Find out who asks, and hold their session so that its end is known; null for a visitor. */
export type SignIn = (asking: Asking) => Promise<HeldSession | null>;

export function createSignIn(chat: Pick<Chat, "liveSessions">, authenticate: Authenticate, log: Log): SignIn {
  return async (asking) => {
    // What is revoked while authenticating is known to have been.
    const mark = chat.liveSessions.mark();
    const found = await authenticate(asking);
    if (found === null) return null;
    const unusable = whatIsUnusable(found);
    if (unusable !== null) {
      log({ level: "error", event: "authenticate_unusable", what: unusable });
      return null;
    }
    const { userId: user, sessionKey, expiresAt = null } = found;
    const session = {
      id: sessionId(sessionKey),
      userId: userId(user),
      expiresAt: expiresAt === null ? null : timestamp(expiresAt),
    };
    return chat.liveSessions.hold(session, mark);
  };
}

/** Judge what a host answers: nobody is signed in under a name that could not be kept. */
function whatIsUnusable({ userId, sessionKey, expiresAt }: Authenticated): string | null {
  if (!isName(userId, 128)) return "userId must be well-formed text of 1 to 128 code points without NUL";
  if (!isName(sessionKey, 512)) return "sessionKey must be well-formed text of 1 to 512 code points without NUL";
  const dated = expiresAt === undefined || expiresAt === null || Number.isFinite(expiresAt);
  return dated ? null : "expiresAt must be milliseconds since 1970, or null";
}

function isName(value: unknown, most: number): boolean {
  return typeof value === "string" && value !== "" && isStorable(value) && codePoints(value) <= most;
}
