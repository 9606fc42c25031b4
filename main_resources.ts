import { BunClock, BunIds, BunPasswordHasher } from "./adapters/bun/mod.ts";
import { LuciaSessions } from "./adapters/lucia/mod.ts";
import {
  createMemoryStore,
  MemoryPresence,
  MemoryRateLimits,
  MemoryRecentPage,
  MemoryRoomChangeBroker,
  MemorySessionStore,
  MemoryUsers,
} from "./adapters/memory/mod.ts";
import { openSqliteStore } from "./adapters/sqlite/mod.ts";
import type { Accounts, ChatPorts, Clock, Profiles, SessionStore, Users } from "./application/mod.ts";
import type { Configuration } from "./main_config.ts";

/** What the process has opened, as the ports of a chat. */
export interface Resources {
  readonly ports: ChatPorts & { readonly accounts: Accounts };
  close(): Promise<void>;
}

/** Told of what was unforeseen. */
export interface Faults {
  /** Something that could be gone on from. */
  readonly survived: (fault: unknown) => void;
  /** The store writes no more, so the process is to end. */
  readonly fatal: (fault: unknown) => void;
}

/** How often sessions that have expired are deleted, in milliseconds. */
const SWEEP = 3_600_000;

/**
 * Open what the configuration names.
 *
 * @throws StoreUnusable for a folder that cannot be used.
 */
export async function openResources(configuration: Configuration, faults: Faults): Promise<Resources> {
  const clock = new BunClock();
  const { rooms, users, profiles, sessionStore, close } = await openStore(configuration, faults);
  const stopSweeping = sweepSessions(sessionStore, clock, faults.survived);
  return {
    ports: {
      ...rooms,
      profiles,
      accounts: { users, sessions: new LuciaSessions(sessionStore, clock), hasher: new BunPasswordHasher() },
      recentPage: new MemoryRecentPage(clock),
      broker: new MemoryRoomChangeBroker(),
      presence: new MemoryPresence(),
      rateLimits: new MemoryRateLimits(clock),
      clock,
      ids: new BunIds(),
      onFault: faults.survived,
    },
    async close() {
      stopSweeping();
      await close();
    },
  };
}

/** What has to last, as long as the store does. */
interface Kept {
  readonly rooms: Pick<ChatPorts, "log" | "messages" | "directory" | "memberships">;
  readonly users: Users;
  readonly profiles: Profiles;
  readonly sessionStore: SessionStore;
  close(): Promise<void>;
}

async function openStore({ store, dataDir }: Configuration, { fatal }: Faults): Promise<Kept> {
  if (store === "memory") {
    const users = new MemoryUsers();
    const sessionStore = new MemorySessionStore();
    return { rooms: createMemoryStore(), users, profiles: users, sessionStore, close: async () => {} };
  }
  const opened = await openSqliteStore({ folder: dataDir, onFault: fatal });
  const { log, messages, directory, memberships, ...others } = opened;
  return { rooms: { log, messages, directory, memberships }, ...others };
}

/** Delete expired sessions now and then, until the answered function is called. */
function sweepSessions(sessionStore: SessionStore, clock: Clock, onFault: (fault: unknown) => void): () => void {
  let cancel = (): void => {};
  const sweep = (): void => {
    cancel = clock.after(SWEEP, sweep);
    sessionStore.deleteExpired(clock.now()).catch(onFault);
  };
  sweep();
  return () => cancel();
}
