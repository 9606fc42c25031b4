import type { SessionId, Timestamp, UserId } from "../../domain/mod.ts";

/** A session as it is kept: its id is a hash of the token, so that no row lets anyone in. */
export interface StoredSession {
  readonly id: SessionId;
  readonly userId: UserId;
  readonly createdAt: Timestamp;
  readonly expiresAt: Timestamp;
}

/** Keeps sessions. What is answered is durable. Judging whether one has expired is not its matter. */
export interface SessionStore {
  create(session: StoredSession): Promise<void>;
  get(sessionId: SessionId): Promise<StoredSession | null>;
  /** Sessions of a user, newest first; of those created in the same millisecond, the one kept last. */
  ofUser(userId: UserId): Promise<readonly StoredSession[]>;
  setExpiry(sessionId: SessionId, expiresAt: Timestamp): Promise<void>;
  delete(sessionId: SessionId): Promise<void>;
  deleteOfUser(userId: UserId): Promise<void>;
  /** Forget the sessions that expired at or before `now`. */
  deleteExpired(now: Timestamp): Promise<void>;
}
