import {
  createTRPCClient,
  createWSClient,
  httpBatchLink,
  httpLink,
  httpSubscriptionLink,
  type TRPCClient,
  TRPCClientError,
  wsLink,
} from "@trpc/client";
import { BunClock, BunIds, BunPasswordHasher } from "../../adapters/bun/mod.ts";
import { LuciaSessions } from "../../adapters/lucia/mod.ts";
import {
  createMemoryStore,
  MemoryPresence,
  MemoryRateLimits,
  MemoryRecentPage,
  MemoryRoomChangeBroker,
  MemorySessionStore,
  type MemoryStore,
  MemoryUsers,
} from "../../adapters/memory/mod.ts";
import type { AppRouter } from "../../adapters/trpc/mod.ts";
import type { Accounts, Chat, ChatPorts, SignedIn } from "../../application/mod.ts";
import { createChat } from "../../application/mod.ts";
import type { ChatError } from "../../domain/mod.ts";
import type { LogEntry, Server, ServerOptions } from "../../server/mod.ts";
import { authenticateBy, createServer } from "../../server/mod.ts";
import { FetchEventSource } from "./_event_source.ts";

export type Client = TRPCClient<AppRouter>;

export interface TestChat {
  readonly chat: Chat;
  readonly accounts: Accounts;
  readonly store: MemoryStore;
  readonly sessionStore: MemorySessionStore;
  readonly faults: unknown[];
}

/** A chat of memory, whose password hashes cost little. */
export function testChat(ports: Partial<ChatPorts> = {}): TestChat {
  const clock = new BunClock();
  const store = createMemoryStore();
  const users = new MemoryUsers();
  const sessionStore = new MemorySessionStore();
  const hasher = new BunPasswordHasher({ memoryCost: 8, timeCost: 1 });
  const accounts = { users, sessions: new LuciaSessions(sessionStore, clock), hasher };
  const faults: unknown[] = [];
  const chat = createChat({
    ...store,
    profiles: users,
    accounts,
    recentPage: new MemoryRecentPage(clock),
    broker: new MemoryRoomChangeBroker(),
    presence: new MemoryPresence(),
    rateLimits: new MemoryRateLimits(clock),
    clock,
    ids: new BunIds(),
    onFault: (fault) => faults.push(fault),
    ...ports,
  });
  return { chat, accounts, store, sessionStore, faults };
}

export interface Served extends TestChat, AsyncDisposable {
  readonly server: Server;
  /** `http://127.0.0.1:…` */
  readonly url: string;
  readonly log: LogEntry[];
}

/** Serve a chat on a port of its own. */
export async function serve(options: Partial<ServerOptions> = {}, made: TestChat = testChat()): Promise<Served> {
  const log: LogEntry[] = [];
  const server = createServer({
    chat: made.chat,
    authenticate: authenticateBy(made.accounts.sessions),
    log: (entry) => log.push(entry),
    closeWithinMs: 2_000,
    ...options,
  });
  const { url } = await server.listen();
  return { ...made, server, url, log, [Symbol.asyncDispose]: () => server.close() };
}

export function httpClient(
  url: string,
  headers: Record<string, string> = {},
  link: "batch" | "single" = "batch",
): Client {
  const options = { url: `${url}/trpc`, headers };
  return createTRPCClient<AppRouter>({ links: [link === "batch" ? httpBatchLink(options) : httpLink(options)] });
}

/** Calls that are those of a user, by their token. */
export function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

/** Subscriptions over server-sent events. */
export function sseClient(url: string, token: string): Client {
  const eventSourceOptions = { headers: bearer(token) };
  const link = httpSubscriptionLink({ url: `${url}/trpc`, EventSource: FetchEventSource, eventSourceOptions });
  return createTRPCClient<AppRouter>({ links: [link] });
}

export interface SocketClient extends AsyncDisposable {
  readonly client: Client;
  /** The codes that its sockets were closed with, in order. */
  readonly closes: (number | undefined)[];
  opens: number;
}

export function socketClient(url: string, token: string | null): SocketClient {
  const closes: (number | undefined)[] = [];
  const connection = createWSClient({
    url: `${url.replace(/^http/, "ws")}/trpc`,
    ...(token === null ? {} : { connectionParams: { token } }),
    retryDelayMs: () => 5,
    onOpen: () => void made.opens++,
    onClose: (cause) => closes.push(cause?.code),
  });
  const made: SocketClient = {
    client: createTRPCClient<AppRouter>({ links: [wsLink({ client: connection })] }),
    closes,
    opens: 0,
    // The farewell is the client's own matter: nobody waits for it.
    [Symbol.asyncDispose]: async () => void connection.close(),
  };
  return made;
}

let names = 0;

/** A new account, signed in, with a client over HTTP. */
export async function signUp(url: string, name = `user${++names}`): Promise<SignedIn & { readonly client: Client }> {
  const signedIn = await httpClient(url).auth.signUp.mutate({ username: name, password: "a long password" });
  return { ...signedIn, client: httpClient(url, bearer(signedIn.token)) };
}

/** What a refused call tells: the code of tRPC and the refusal. */
export interface Refused {
  readonly code: string | undefined;
  readonly chatError: ChatError | null | undefined;
}

export async function refusal(call: PromiseLike<unknown>): Promise<Refused> {
  try {
    await call;
  } catch (error) {
    return refusalOf(error);
  }
  throw new Error("the call was not refused");
}

export function refusalOf(error: unknown): Refused {
  if (!(error instanceof TRPCClientError)) throw error;
  const { data } = error as TRPCClientError<AppRouter>;
  return { code: data?.code, chatError: data?.chatError };
}

/** What a subscription was told. */
export interface Heard {
  readonly events: { readonly id: string; readonly kind: string; readonly body?: string }[];
  readonly errors: unknown[];
  completed: boolean;
  stop(): void;
}

export function observe(client: Client, chatroomId: string, lastEventId?: string): Heard {
  const events: Heard["events"] = [];
  const errors: unknown[] = [];
  const heard: Heard = { events, errors, completed: false, stop: () => subscription.unsubscribe() };
  const input = lastEventId === undefined ? { chatroomId } : { chatroomId, lastEventId };
  const subscription = client.chatrooms.observe.subscribe(input, {
    onData: ({ id, data }) => {
      events.push({ id, kind: data.kind, ...(data.kind === "message_posted" ? { body: data.body } : {}) });
    },
    onError: (error) => errors.push(error),
    onComplete: () => {
      heard.completed = true;
    },
  });
  return heard;
}

/** The bodies of the messages that were heard. */
export function bodies({ events }: Heard): (string | undefined)[] {
  return events.flatMap(({ kind, body }) => (kind === "message_posted" ? [body] : []));
}

/** A socket whose upgrade has headers of its own. */
export function socketWith(url: string, headers: Record<string, string>): WebSocket {
  const options: Bun.WebSocketOptions = { headers };
  return Reflect.construct(WebSocket, [`${url.replace("http", "ws")}/trpc`, options]);
}
