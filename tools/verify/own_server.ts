import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BunClock, BunIds } from "../../adapters/bun/mod.ts";
import {
  createMemoryStore,
  MemoryPresence,
  MemoryRateLimits,
  MemoryRecentPage,
  MemoryRoomChangeBroker,
} from "../../adapters/memory/mod.ts";
import { openSqliteStore } from "../../adapters/sqlite/mod.ts";
import type { Chat, ChatPorts } from "../../application/mod.ts";
import { createChat } from "../../application/mod.ts";
import { createServer } from "../../server/mod.ts";
import type { Store } from "./arguments.ts";
import { createHost, type Host } from "./host.ts";
import type { People } from "./people.ts";

/** A server of this process's own, on a port that was free. */
export interface OwnServer {
  readonly url: string;
  readonly people: People;
  close(): Promise<void>;
}

/** What a test puts between the parts of a server, to see a fault found. */
export interface Planted {
  readonly ports?: (ports: ChatPorts) => ChatPorts;
  readonly chat?: (chat: Chat) => Chat;
}

/** Start a server on a store that is gone when it is closed, with a host's users, so that no time goes into passwords. */
export async function startOwnServer(store: Store, planted: Planted = {}): Promise<OwnServer> {
  const host = createHost();
  const rooms = store === "memory" ? memoryRooms() : await embeddedRooms();
  const ports = portsOf(rooms, host);
  const made = createChat(planted.ports?.(ports) ?? ports);
  const chat = planted.chat?.(made) ?? made;
  const server = createServer({ chat, authenticate: host.authenticate });
  const { url } = await server.listen({ port: 0 });
  return {
    url,
    people: host.people,
    async close() {
      await server.close();
      await rooms.close();
    },
  };
}

/** The ports that a store plays. */
interface Rooms extends Pick<ChatPorts, "log" | "messages" | "directory" | "memberships"> {
  close(): Promise<void>;
}

function memoryRooms(): Rooms {
  return { ...createMemoryStore(), close: async () => {} };
}

async function embeddedRooms(): Promise<Rooms> {
  const folder = await mkdtemp(join(tmpdir(), "sarangbang-verify-"));
  const { log, messages, directory, memberships, close } = await openSqliteStore({ folder, onFault: tellFault });
  return {
    ...{ log, messages, directory, memberships },
    async close() {
      await close();
      await rm(folder, { recursive: true });
    },
  };
}

function portsOf({ log, messages, directory, memberships }: Rooms, { profiles }: Host): ChatPorts {
  const clock = new BunClock();
  return {
    ...{ log, messages, directory, memberships, profiles, clock },
    recentPage: new MemoryRecentPage(clock),
    broker: new MemoryRoomChangeBroker(),
    presence: new MemoryPresence(),
    rateLimits: new MemoryRateLimits(clock),
    ids: new BunIds(),
    accounts: null,
    onFault: tellFault,
  };
}

function tellFault(fault: unknown): void {
  console.error(fault);
}
