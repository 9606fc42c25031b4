import { sessionCookie } from "../adapters/http/mod.ts";
import type { Sessions } from "../application/mod.ts";

/** By what someone may be known: the headers of a request or an upgrade, and what a tRPC client sent beside them. */
export interface Asking {
  readonly headers: Headers;
  readonly connectionParams: Readonly<Record<string, string | undefined>> | null;
}

/** Who it is. */
export interface Authenticated {
  /** Well-formed text of 1 to 128 code points without NUL, for ever the same for the same user. */
  readonly userId: string;
  /** Names the session, to be ended by `chat.revoke({ sessionKey })`. Need not be secret, and is told to nobody else. */
  readonly sessionKey: string;
  /** In milliseconds since 1970; connections of the session end then. Without it they last until revoked. */
  readonly expiresAt?: number | null;
}

/** Says who it is that asks, or null for a visitor. What it throws is a fault: the caller is told of an internal error. */
export type Authenticate = (asking: Asking) => Promise<Authenticated | null>;

/** No token of ours is nearly as long; a longer one is not worth hashing. */
const LONGEST_TOKEN = 512;

/**
 * Know the accounts of this chat by their tokens: `connectionParams.token`, else `Authorization: Bearer`, else the
 * cookie. The first that is there counts, also when it is wrong.
 */
export function authenticateBy(sessions: Pick<Sessions, "validate">): Authenticate {
  return async (asking) => {
    const token = tokenOf(asking);
    if (token === null || token.length > LONGEST_TOKEN) return null;
    const session = await sessions.validate(token);
    return session && { userId: session.userId, sessionKey: session.id, expiresAt: session.expiresAt };
  };
}

function tokenOf({ headers, connectionParams }: Asking): string | null {
  const given = connectionParams?.["token"];
  if (given) return given;
  const authorization = headers.get("authorization");
  if (authorization !== null) return /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? null;
  return sessionCookie(headers);
}
