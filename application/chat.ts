import { sessionId, userId } from "../domain/mod.ts";
import type { LiveSessions } from "./live_sessions.ts";
import { createLiveSessions } from "./live_sessions.ts";
import type {
  Clock,
  Directory,
  Ids,
  Memberships,
  Messages,
  PasswordHasher,
  Presence,
  Profiles,
  RateLimit,
  RateLimits,
  RecentPage,
  RoomChangeBroker,
  RoomLog,
  Sessions,
  Users,
} from "./ports/mod.ts";
import { createProjector } from "./projector.ts";
import type { RoomFeeds } from "./room_feeds.ts";
import { createRoomFeeds } from "./room_feeds.ts";
import type { RoomWriters } from "./room_writers.ts";
import { createRoomWriters } from "./room_writers.ts";

/** The accounts of a chat that keeps its own users. */
export interface Accounts {
  readonly users: Users;
  readonly sessions: Sessions;
  readonly hasher: PasswordHasher;
}

/** How often one name, or one address, may do what costs much or lets guess. */
export interface AccountLimits {
  readonly signInsByName: RateLimit;
  readonly signInsByAddress: RateLimit;
  readonly signUpsByAddress: RateLimit;
}

export const ACCOUNT_LIMITS: AccountLimits = {
  signInsByName: { times: 10, within: 300_000 },
  signInsByAddress: { times: 100, within: 300_000 },
  signUpsByAddress: { times: 60, within: 60_000 },
};

/** What a chat is made of. */
export interface ChatPorts {
  readonly log: RoomLog;
  readonly messages: Messages;
  readonly directory: Directory;
  readonly memberships: Memberships;
  readonly recentPage: RecentPage;
  readonly broker: RoomChangeBroker;
  readonly presence: Presence;
  readonly profiles: Profiles;
  readonly rateLimits: RateLimits;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Null where a host keeps the users and authenticates them. */
  readonly accounts: Accounts | null;
  readonly accountLimits?: AccountLimits;
  /** Told of what was unforeseen and could be gone on from. Must not throw. */
  readonly onFault: (fault: unknown) => void;
}

/** A chat of one node: the ports, and what stands between them and the use-cases. */
export interface Chat extends ChatPorts {
  readonly accountLimits: AccountLimits;
  readonly rooms: RoomWriters;
  readonly feeds: RoomFeeds;
  readonly liveSessions: LiveSessions;
  /**
   * End sessions that the host knows to have ended, all of a user or the one that `authenticate` gave this key, and
   * with them the connections that use them.
   */
  revoke(ended: { readonly userId: string } | { readonly sessionKey: string }): void;
  /** Take no more commands, finish those under way, end observations. The ports stay the caller's to close. */
  close(): Promise<void>;
}

export function createChat(given: ChatPorts): Chat {
  // Whatever the one who is told of faults may answer, it is not taken for an answer of the work that failed.
  const onFault = (fault: unknown): void => void given.onFault(fault);
  const ports = { ...given, onFault };
  const projector = createProjector(ports);
  const rooms = createRoomWriters({ ...ports, projector });
  const feeds = createRoomFeeds(ports);
  const liveSessions = createLiveSessions(ports.clock);
  return {
    ...ports,
    accountLimits: ports.accountLimits ?? ACCOUNT_LIMITS,
    rooms,
    feeds,
    liveSessions,
    revoke: (ended) =>
      liveSessions.end(
        "userId" in ended ? { userId: userId(ended.userId) } : { sessionId: sessionId(ended.sessionKey) },
      ),
    async close() {
      await rooms.close();
      feeds.close();
      liveSessions.close();
      await projector.close();
    },
  };
}
