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
import type { Chat, ChatPorts, Observation, Observed, RoomLog } from "../../application/mod.ts";
import {
  createChat,
  createChatroom,
  joinChatroom,
  kickMember,
  observeChatroom,
  postMessage,
} from "../../application/mod.ts";
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
 * some of the log's, and `replace` other ports for some of its own.
 */
export function startNode(
  options: MemoryStoreOptions = {},
  beside?: Node,
  wrap: (log: RoomLog) => Partial<RoomLog> = () => ({}),
  replace: (own: ChatPorts) => Partial<ChatPorts> = () => ({}),
): Node {
  const store = beside ? beside.store.anotherNode() : createMemoryStore(options);
  const clock = beside?.clock ?? new MemoryClock();
  const broker = beside?.broker ?? new MemoryRoomChangeBroker();
  const faults: unknown[] = [];
  const own: ChatPorts = {
    log: altered<RoomLog>(store.log, wrap(store.log)),
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
  };
  const chat = createChat({ ...own, ...replace(own) });
  return { chat, store, broker, clock, faults };
}

/** A port that answers other functions for some of its own. */
export function altered<Port extends object>(port: Port, others: Partial<Port>): Port {
  return new Proxy(port, {
    get(own, name) {
      const found: unknown = Reflect.get(others, name) ?? Reflect.get(own, name);
      return typeof found === "function" ? found.bind(own) : found;
    },
  });
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

/** Let so many milliseconds pass in which all may happen that can. */
export function elapse(node: Pick<Node, "clock">, milliseconds: number): Promise<void> {
  return passing(node, new Promise((resolve) => void node.clock.after(milliseconds, resolve)), 50);
}

/** What comes of `work` while so many milliseconds pass, or "nothing yet". */
export function comesOf<T>(node: Node, work: Promise<T>, milliseconds: number): Promise<T | "nothing yet"> {
  return Promise.race([work, elapse(node, milliseconds).then(() => "nothing yet" as const)]);
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

/** Hand in so many posts of Ann's at once, and wait for all. */
export async function postMany(node: Node, chatroomId: ChatroomId, count: number): Promise<void> {
  const posts = Array.from({ length: count }, (_, index) => {
    const requestId = `post-${++requests}`;
    return postMessage(node.chat, { authorId: ANN, chatroomId, body: `many ${index}`, requestId, replyTo: null });
  });
  for (const posted of await passing(node, Promise.all(posts))) granted(posted);
}

export async function join(node: Node, chatroomId: ChatroomId, actorId: UserId): Promise<void> {
  granted(await passing(node, joinChatroom(node.chat, { actorId, chatroomId, requestId: null })));
}

/** Let Ann remove a member of her room. */
export async function kick(node: Node, chatroomId: ChatroomId, userId: UserId): Promise<void> {
  granted(await passing(node, kickMember(node.chat, { actorId: ANN, chatroomId, userId, requestId: null })));
}

/** Let all that waits for no time happen. */
export async function quiet(): Promise<void> {
  for (let turns = 0; turns < 50; turns++) await new Promise((resolve) => setImmediate(resolve));
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
