import { createHash, randomBytes } from "node:crypto";
import type { Adapter, DatabaseSession } from "lucia";
import { Lucia, TimeSpan } from "lucia";
import type { Clock, OwnSession, SessionStore, Sessions, StoredSession } from "../../application/mod.ts";
import type { SessionId, UserId } from "../../domain/mod.ts";
import { sessionId, timestamp, userId } from "../../domain/mod.ts";

declare module "lucia" {
  interface Register {
    Lucia: typeof Lucia;
    DatabaseSessionAttributes: { createdAt: number };
  }
}

export interface LuciaSessionsOptions {
  /** Days that a session lasts unused; it is prolonged when less than half of them is left. */
  readonly days?: number;
}

/**
 * Sessions by lucia 3. What lucia takes for the id of a session is the SHA-256 of its token, so neither it nor the store
 * ever has a token. Lucia judges expiry by the machine's clock.
 */
export class LuciaSessions implements Sessions {
  readonly #lucia: Lucia;
  readonly #store: SessionStore;
  readonly #clock: Clock;

  constructor(store: SessionStore, clock: Clock, { days = 30 }: LuciaSessionsOptions = {}) {
    this.#store = store;
    this.#clock = clock;
    this.#lucia = new Lucia(new StoreAdapter(store, clock), {
      sessionExpiresIn: new TimeSpan(days, "d"),
      getSessionAttributes: ({ createdAt }) => ({ createdAt }),
    });
  }

  async issue(forUser: UserId): Promise<{ readonly session: OwnSession; readonly token: string }> {
    const token = randomBytes(32).toString("base64url");
    const createdAt = this.#clock.now();
    const session = await this.#lucia.createSession(forUser, { createdAt }, { sessionId: idOf(token) });
    const { id, expiresAt } = session;
    return {
      token,
      session: { id: sessionId(id), userId: forUser, createdAt, expiresAt: timestamp(expiresAt.getTime()) },
    };
  }

  async validate(token: string): Promise<OwnSession | null> {
    const { session } = await this.#lucia.validateSession(idOf(token));
    if (session === null) return null;
    const { id, userId: of, createdAt, expiresAt } = session as typeof session & { createdAt: number };
    return {
      id: sessionId(id),
      userId: userId(of),
      createdAt: timestamp(createdAt),
      expiresAt: timestamp(expiresAt.getTime()),
    };
  }

  async list(of: UserId): Promise<readonly OwnSession[]> {
    const now = this.#clock.now();
    return (await this.#store.ofUser(of)).filter(({ expiresAt }) => expiresAt > now);
  }

  async revoke(id: SessionId): Promise<void> {
    await this.#lucia.invalidateSession(id);
  }

  async revokeAll(of: UserId): Promise<void> {
    await this.#lucia.invalidateUserSessions(of);
  }
}

function idOf(token: string): SessionId {
  return sessionId(createHash("sha256").update(token).digest("base64url"));
}

/** Lucia's store of sessions, on ours. */
class StoreAdapter implements Adapter {
  readonly #store: SessionStore;
  readonly #clock: Clock;

  constructor(store: SessionStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async getSessionAndUser(id: string): ReturnType<Adapter["getSessionAndUser"]> {
    const session = await this.#store.get(sessionId(id));
    // Who the user is, is not lucia's matter: a session names its user, and that is all.
    return session ? [toLucia(session), { id: session.userId, attributes: {} }] : [null, null];
  }

  async getUserSessions(id: string): Promise<DatabaseSession[]> {
    return (await this.#store.ofUser(userId(id))).map(toLucia);
  }

  async setSession({ id, userId: of, expiresAt, attributes }: DatabaseSession): Promise<void> {
    await this.#store.create({
      id: sessionId(id),
      userId: userId(of),
      createdAt: timestamp(attributes.createdAt),
      expiresAt: timestamp(expiresAt.getTime()),
    });
  }

  async updateSessionExpiration(id: string, expiresAt: Date): Promise<void> {
    await this.#store.setExpiry(sessionId(id), timestamp(expiresAt.getTime()));
  }

  async deleteSession(id: string): Promise<void> {
    await this.#store.delete(sessionId(id));
  }

  async deleteUserSessions(id: string): Promise<void> {
    await this.#store.deleteOfUser(userId(id));
  }

  async deleteExpiredSessions(): Promise<void> {
    await this.#store.deleteExpired(this.#clock.now());
  }
}

function toLucia({ id, userId, createdAt, expiresAt }: StoredSession): DatabaseSession {
  return { id, userId, expiresAt: new Date(expiresAt), attributes: { createdAt } };
}
