import type { SessionId, UserId } from "../domain/mod.ts";
import type { Clock, Session } from "./ports/mod.ts";

/** Whose sessions end: all of a user, or one. */
export type Revoked = { readonly userId: UserId } | { readonly sessionId: SessionId };

/** A session in use by a connection. */
export interface LiveSession extends Session {
  /** Aborted when the session is revoked, or expires. */
  readonly ended: AbortSignal;
}

/** What connections hold of the sessions that are in use on this node, so that ending a session ends them. */
export interface LiveSessions {
  /** A mark to take before authenticating: what is revoked from then on is known to {@link hold}. */
  mark(): number;
  /** Hold a session that was found valid after `mark`; it ends also if it was revoked since. Release it when done. */
  hold(session: Session, mark: number): { readonly session: LiveSession; release(): void };
  /** End sessions, those whose authentication is under way included. */
  end(revoked: Revoked): void;
  close(): void;
}

/** How long a revocation is remembered for authentications that began before it, in milliseconds. */
const REMEMBERED = 60_000;

interface Held {
  readonly session: Session;
  readonly ending: AbortController;
}

export function createLiveSessions(clock: Clock): LiveSessions {
  const held = new Set<Held>();
  const remembered = new Map<number, Revoked>();
  let marks = 0;
  let closed = false;

  return {
    mark: () => marks,
    hold(session, mark) {
      const one: Held = { session, ending: new AbortController() };
      held.add(one);
      const left = session.expiresAt === null ? null : Math.max(0, session.expiresAt - clock.now());
      const cancel = left === null ? () => {} : clock.after(left, () => one.ending.abort());
      for (const [at, revoked] of remembered) if (at > mark && concerns(revoked, session)) one.ending.abort();
      if (closed) one.ending.abort();
      return {
        session: { ...session, ended: one.ending.signal },
        release() {
          held.delete(one);
          cancel();
        },
      };
    },
    end(revoked) {
      const mark = ++marks;
      remembered.set(mark, revoked);
      clock.after(REMEMBERED, () => void remembered.delete(mark));
      for (const { session, ending } of held) if (concerns(revoked, session)) ending.abort();
    },
    close() {
      closed = true;
      for (const { ending } of held) ending.abort();
    },
  };
}

function concerns(revoked: Revoked, session: Session): boolean {
  return "userId" in revoked ? revoked.userId === session.userId : revoked.sessionId === session.id;
}
