import type { UpgradeOptions } from "../adapters/http/mod.ts";
import { appRouter, type Context, refusalError } from "../adapters/trpc/mod.ts";
import type { BunSocket, CreateContextOptions, LimitExceeded, SocketData, WsHandler } from "../adapters/ws/mod.ts";
import { createWsHandler } from "../adapters/ws/mod.ts";
import type { TooManyAtOnce } from "../domain/mod.ts";
import type { createFaultLog } from "./faults.ts";
import type { ServerLimits } from "./limits.ts";

const LIMITED: Readonly<Record<LimitExceeded["limit"], TooManyAtOnce["what"]>> = {
  subscriptions: "subscriptions",
  callsInFlight: "calls",
  callsPerBatch: "calls",
};

export interface SocketsOptions {
  readonly limits: ServerLimits;
  readonly createContext: (options: CreateContextOptions) => Promise<Context>;
  readonly onError: ReturnType<typeof createFaultLog>;
  /** Milliseconds that a socket which announced connection params has to send them. */
  readonly connectionParamsTimeoutMs: number;
}

export interface Sockets {
  readonly handler: WsHandler;
  /** Make a socket of a request; false when it asks for none. */
  upgrade(options: UpgradeOptions): boolean;
}

/** The router over WebSocket, its limits told as refusals. */
export function createSockets({ limits, createContext, onError, connectionParamsTimeoutMs }: SocketsOptions): Sockets {
  const handler = createWsHandler({
    router: appRouter,
    createContext,
    connectionParamsTimeoutMs,
    limits: {
      frameBytes: limits.frameBytes,
      bufferedBytes: limits.bufferedBytes,
      subscriptions: limits.subscriptionsPerSocket,
      callsInFlight: limits.callsPerSocket,
      callsPerBatch: limits.callsPerSocket,
    },
    makeLimitError: ({ limit, max }) => refusalError({ code: "TOO_MANY_AT_ONCE", what: LIMITED[limit], limit: max }),
    onError: ({ error, path }) => onError(error, path),
  });
  return {
    handler,
    upgrade({ request, server, address, onClose }) {
      const data = handler.connect({ headers: request.headers, url: request.url, address });
      return server.upgrade(request, { data: new TellingSocket(data, onClose) });
    },
  };
}

/** The same callbacks, which also tell that the socket has closed. A class, since there is one for each socket. */
class TellingSocket implements SocketData {
  readonly #data: SocketData;
  readonly #onClose: () => void;

  constructor(data: SocketData, onClose: () => void) {
    this.#data = data;
    this.#onClose = onClose;
  }

  open(ws: BunSocket): void {
    this.#data.open(ws);
  }

  message(ws: BunSocket, frame: string | Uint8Array): void {
    this.#data.message(ws, frame);
  }

  drain(ws: BunSocket): void {
    this.#data.drain(ws);
  }

  close(ws: BunSocket, code: number, reason: string): void {
    this.#onClose();
    this.#data.close(ws, code, reason);
  }
}
