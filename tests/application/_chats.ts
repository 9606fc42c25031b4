import type { MemoryStore, MemoryStoreOptions } from "../../adapters/memory/mod.ts";
import {
  createMemoryStore,
  MemoryClock,
  MemoryIds,
  MemoryPresence,
  MemoryProfiles,
  MemoryRateLimits,
  MemoryRecentPage,
  MemoryRoomChangeBroker,
} from "../../adapters/memory/mod.ts";
import type { Chat, Observation, Observed, RoomLog } from "../../application/mod.ts";
import { createChat, createChatroom, joinChatroom, observeChatroom, postMessage } from "../../application/mod.ts";
import type { ChatroomId, Message, Result, UserId } from "../../domain/mod.ts";
import { userId } from "../../domain/mod.ts";

export const [ANN, BORA, CHO]: [UserId, UserId, UserId] = [userId("ann"), userId("bora"), userId("cho")];

/** A node and what it is made of, so that a test can make each part fail. */
export interface Node {
  readonly chat: Chat;
  readonly store: MemoryStore;
  readonly broker: MemoryRoomChangeBroker;
  readonly clock: MemoryClock;
  readonly faults: unknown[];
}

/**
 * Start one node, or another one beside it that shares store, broker and clock; `wrap` may answer other functions for
 * some of the log's.
 */
export function startNode(
  options: MemoryStoreOptions = {},
  beside?: Node,
  wrap: (log: RoomLog) => Partial<RoomLog> = () => ({}),
): Node {
  const store = beside ? beside.store.anotherNode() : createMemoryStore(options);
  const clock = beside?.clock ?? new MemoryClock();
  const broker = beside?.broker ?? new MemoryRoomChangeBroker();
  const faults: unknown[] = [];
  const chat = createChat({
    log: { ...functionsOf(store.log), ...wrap(store.log) },
    messages: store.messages,
    directory: store.directory,
    memberships: store.memberships,
    recentPage: new MemoryRecentPage(clock),
    broker,
    presence: new MemoryPresence(),
    profiles: new MemoryProfiles(),
    rateLimits: new MemoryRateLimits(clock),
    clock,
    ids: new MemoryIds(beside ? 2 : 1),
    accounts: null,
    onFault: (fault) => {
      faults.push(fault);
    },
  });
  return { chat, store, broker, clock, faults };
}

function functionsOf(log: RoomLog): RoomLog {
  return {
    epoch: () => log.epoch(),
    append: (...args) => log.append(...args),
    read: (...args) => log.read(...args),
    head: (...args) => log.head(...args),
    heads: (...args) => log.heads(...args),
    byKeys: (...args) => log.byKeys(...args),
    ahead: (...args) => log.ahead(...args),
    pending: (...args) => log.pending(...args),
    pendingRooms: (...args) => log.pendingRooms(...args),
    settle: (...args) => log.settle(...args),
  };
}

/** Let time pass in small steps, and everything else happen between them, until a promise settles. */
export async function passing<T>({ clock }: Pick<Node, "clock">, work: Promise<T>, step = 10): Promise<T> {
  let settled = false;
  const done = work.finally(() => {
    settled = true;
  });
  done.catch(() => {});
  for (let steps = 0; !settled; steps++) {
    if (steps > 20_000) throw new Error(`nothing came of it in ${steps * step} ms of the clock`);
    await new Promise((resolve) => setImmediate(resolve));
    if (!settled && steps % 20 === 19) await clock.advance(step);
  }
  return done;
}

/** The value of a result that is expected not to be a refusal. */
export function granted<T>(result: Result<T, unknown>): T {
  if (result.ok) return result.value;
  throw new Error(`refused: ${JSON.stringify(result.error)}`);
}

/** A room of Ann's with Bora in it. */
export async function openRoom(node: Node): Promise<ChatroomId> {
  const created = createChatroom(node.chat, { creatorId: ANN, requestId: "room", name: "room" });
  const { id } = granted(await passing(node, created));
  granted(await passing(node, joinChatroom(node.chat, { actorId: BORA, chatroomId: id, requestId: null })));
  return id;
}

let requests = 0;

export async function post(node: Node, chatroomId: ChatroomId, body: string, authorId = ANN): Promise<Message> {
  const requestId = `post-${++requests}`;
  return granted(await passing(node, postMessage(node.chat, { authorId, chatroomId, body, requestId, replyTo: null })));
}

/** An observation that keeps what it was told. */
export interface Watch {
  readonly told: Observed[];
  /** The sequences of the changes told so far. */
  sequences(): readonly number[];
  /** Resolves once so many events were told. */
  atLeast(count: number): Promise<void>;
  readonly ended: Promise<unknown>;
  stop(): void;
}

export async function watch(
  node: Node,
  chatroomId: ChatroomId,
  observerId = BORA,
  lastEventId?: string,
): Promise<Watch> {
  const stopping = new AbortController();
  const input = { observerId, chatroomId, lastEventId, signal: stopping.signal };
  const observation = granted(await passing(node, observeChatroom(node.chat, input)));
  return watching(observation, stopping);
}

export function watching(observation: Observation, stopping: AbortController): Watch {
  const told: Observed[] = [];
  const waiting = new Set<() => void>();
  async function run(): Promise<unknown> {
    for (;;) {
      const { value, done } = await observation.next();
      if (done) return value;
      told.push(value);
      for (const look of waiting) look();
    }
  }
  return {
    told,
    sequences: () => told.flatMap(({ event }) => ("sequence" in event ? [event.sequence as number] : [])),
    atLeast: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (told.length >= count) resolve();
        };
        waiting.add(look);
        look();
      }),
    ended: run(),
    stop: () => stopping.abort(),
  };
}
