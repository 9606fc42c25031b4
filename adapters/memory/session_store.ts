import type { SessionStore, StoredSession } from "../../application/mod.ts";
import type { SessionId, Timestamp, UserId } from "../../domain/mod.ts";
import { turn } from "./_turn.ts";

export class MemorySessionStore implements SessionStore {
  readonly #sessions = new Map<SessionId, StoredSession>();

  async create(session: StoredSession): Promise<void> {
    await turn();
    this.#sessions.set(session.id, session);
  }

  async get(sessionId: SessionId): Promise<StoredSession | null> {
    await turn();
    return this.#sessions.get(sessionId) ?? null;
  }

  async ofUser(userId: UserId): Promise<readonly StoredSession[]> {
    await turn();
    return (
      [...this.#sessions.values()]
        .filter((session) => session.userId === userId)
        // Of the same millisecond, the one created last is the newest.
        .reverse()
        .sort((a, b) => b.createdAt - a.createdAt)
    );
  }

  async setExpiry(sessionId: SessionId, expiresAt: Timestamp): Promise<void> {
    await turn();
    const session = this.#sessions.get(sessionId);
    if (session) this.#sessions.set(sessionId, { ...session, expiresAt });
  }

  async delete(sessionId: SessionId): Promise<void> {
    await turn();
    this.#sessions.delete(sessionId);
  }

  async deleteOfUser(userId: UserId): Promise<void> {
    await this.#deleteWhere((session) => session.userId === userId);
  }

  async deleteExpired(now: Timestamp): Promise<void> {
    await this.#deleteWhere(({ expiresAt }) => expiresAt <= now);
  }

  async #deleteWhere(matches: (session: StoredSession) => boolean): Promise<void> {
    await turn();
    for (const session of this.#sessions.values()) if (matches(session)) this.#sessions.delete(session.id);
  }
}
