import type { SessionId, Timestamp, UserId } from "../../domain/mod.ts";

/** That a user is signed in. */
export interface Session {
  readonly id: SessionId;
  readonly userId: UserId;
  /** Null where the one who authenticates did not say. */
  readonly expiresAt: Timestamp | null;
}

/** A session of an account here. */
export interface OwnSession extends Session {
  readonly createdAt: Timestamp;
  readonly expiresAt: Timestamp;
}

/** Issues and judges sessions of the accounts here. */
export interface Sessions {
  /** Begin a session. The token is its only proof, is told this once, and is kept nowhere but as a hash. */
  issue(userId: UserId): Promise<{ readonly session: OwnSession; readonly token: string }>;
  /** The session that a token proves, unless it is invented, expired or revoked. Being used prolongs a session. */
  validate(token: string): Promise<OwnSession | null>;
  /** A user's sessions that have not expired, newest first. */
  list(userId: UserId): Promise<readonly OwnSession[]>;
  /** End a session; one that is not there is ended already. */
  revoke(sessionId: SessionId): Promise<void>;
  /** End all sessions of a user. */
  revokeAll(userId: UserId): Promise<void>;
}
