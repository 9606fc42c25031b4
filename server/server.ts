import { createHttpApp, type Listening } from "../adapters/http/mod.ts";
import { appRouter, refusalError } from "../adapters/trpc/mod.ts";
import type { Chat } from "../application/mod.ts";
import { chatroomId } from "../domain/mod.ts";
import type { Authenticate } from "./authenticate.ts";
import { closeCodes } from "./close_codes.ts";
import { createContexts } from "./contexts.ts";
import { createFaultLog, type Log } from "./faults.ts";
import { type ServerLimits, serverLimits } from "./limits.ts";
import { createSignIn } from "./signing_in.ts";
import { Slots } from "./slots.ts";
import { createSockets } from "./sockets.ts";

export interface ServerOptions {
  readonly chat: Chat;
  readonly authenticate: Authenticate;
  /** Origins whose pages may call, beside the server's own: `https://app.example.com`. None by default. */
  readonly origins?: readonly string[];
  /** Where clients find the server when a proxy stands before it; with `https:`, cookies are Secure. */
  readonly publicUrl?: string | null;
  /** How many proxies stand before the server, whose `X-Forwarded-For` and `X-Forwarded-Proto` are to be believed; 0. */
  readonly proxyHops?: number;
  readonly limits?: Partial<ServerLimits>;
  /** What must work beside the store for the server to be ready, by name; each resolves if it does. */
  readonly parts?: Readonly<Record<string, () => Promise<unknown>>>;
  /** Takes faults, each under the id that its caller was told; by default they go to the console as JSON. */
  readonly log?: Log;
  /** Milliseconds for what is under way when the server closes, 10,000 by default. */
  readonly closeWithinMs?: number;
  /** Milliseconds that a socket with `?connectionParams=1` has to send them, 10,000 by default. */
  readonly connectionParamsTimeoutMs?: number;
}

export type ServerState = "new" | "ready" | "stopping" | "stopped";

/** A chat on one port. */
export interface Server {
  readonly state: ServerState;
  /**
   * Listen; port 0 is any that is free.
   *
   * @throws what the system says, with its `code`: `EADDRINUSE`, `EACCES` …
   */
  listen(options?: { readonly port?: number; readonly hostname?: string }): Promise<Listening>;
  /**
   * Stop: accept nothing more, answer the calls under way, close sockets and event streams so that their clients come
   * again, then close the chat. Takes no longer than `closeWithinMs`, and then some for the chat. The ports of the chat
   * stay the caller's to close.
   */
  close(): Promise<void>;
}

export function createServer(options: ServerOptions): Server {
  const { chat, closeWithinMs = 10_000, log = logToConsole } = options;
  const limits = { ...serverLimits, ...options.limits };
  const onError = createFaultLog(log);
  const byAddress = new Slots(limits.socketsPerAddress);
  const signIn = createSignIn(chat, options.authenticate, log);
  const contexts = createContexts(chat, signIn, new Slots(limits.socketsPerUser));
  const sockets = createSockets({
    limits,
    onError,
    createContext: contexts.ofSocket,
    connectionParamsTimeoutMs: options.connectionParamsTimeoutMs ?? 10_000,
  });
  const app = createHttpApp({
    router: appRouter,
    createContext: contexts.ofRequest,
    refusal: refusalError,
    onError,
    upgrade: sockets.upgrade,
    socketOptions: sockets.handler.socketOptions,
    admit: (address) => byAddress.take(address),
    connectionsPerAddress: byAddress.limit,
    origins: options.origins ?? [],
    publicUrl: options.publicUrl ?? null,
    proxyHops: options.proxyHops ?? 0,
    bodyBytes: limits.frameBytes,
    callsPerBatch: limits.callsPerBatch,
    parts: { store: () => readStore(chat), ...options.parts },
  });
  let state: ServerState = "new";
  let closing: Promise<void> | null = null;

  /**
   * Sockets and event streams go before the chat does: had it ended their observations, clients would take that for
   * the end and not come again. Calls are answered before the chat takes no more, since it would refuse them.
   */
  async function close(): Promise<void> {
    const deadline = performance.now() + closeWithinMs;
    state = "stopping";
    app.drain();
    const [code, reason] = closeCodes.goingAway;
    await Promise.all([sockets.handler.close({ code, reason, withinMs: closeWithinMs }), app.idle(closeWithinMs)]);
    await within(Math.max(1_000, deadline - performance.now()), chat.close());
    await app.stop();
    state = "stopped";
  }

  return {
    get state() {
      return state;
    },
    async listen({ port = 0, hostname = "127.0.0.1" } = {}) {
      const listening = app.listen({ port, hostname });
      state = "ready";
      return listening;
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
}

/** A read of each of the store's parts that every call needs. */
function readStore({ log, directory }: Chat): Promise<unknown> {
  const nowhere = chatroomId("readyz");
  return Promise.all([log.head(nowhere), directory.get(nowhere)]);
}

/** Wait for work to end, at most so many milliseconds. */
async function within(milliseconds: number, work: Promise<void>): Promise<void> {
  let timer: Timer | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

const logToConsole: Log = (entry) => console.error(JSON.stringify(entry));
