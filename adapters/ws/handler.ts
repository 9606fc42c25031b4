import type { AnyTRPCRouter } from "@trpc/server";
import type { Counts } from "./activity.ts";
import { closeCodes } from "./close_codes.ts";
import { Connection, type SocketData } from "./connection.ts";
import { startKeepAlive } from "./keep_alive.ts";
import type { WsHandlerOptions } from "./options.ts";
import { wholeNumber } from "./ranges.ts";
import { createService } from "./service.ts";

/** What the embedder knows of the request that becomes a socket. */
export interface ConnectOptions {
  readonly headers: Headers;
  /** Absolute, as `Request.url` is. */
  readonly url: string | URL;
  /** The peer's IP address, for the context. */
  readonly address?: string | null;
}

/** How a graceful stop ends the sockets. */
export interface CloseOptions {
  /** Close code, 1012 by default. */
  readonly code?: number;
  readonly reason?: string;
  /** Milliseconds to wait for what is in flight, 10,000 by default. */
  readonly withinMs?: number;
}

/** Bun's options that the limits rest on; pass them to whatever serves the sockets. */
export type SocketOptions = Required<
  Pick<
    Bun.WebSocketHandler<unknown>,
    "maxPayloadLength" | "backpressureLimit" | "closeOnBackpressureLimit" | "idleTimeout" | "sendPings"
  >
>;

/** Serves one router to any number of sockets. */
export interface WsHandler {
  /** Make the `data` of a socket that is about to be opened: `server.upgrade(request, { data: handler.connect(…) })`. */
  connect(options: ConnectOptions): SocketData;
  /** Upgrade a request; false when it asks for no WebSocket. */
  upgrade(request: Request, server: Bun.Server<SocketData>): boolean;
  readonly socketOptions: SocketOptions;
  /** For `Bun.serve({ websocket })`: the socket options, and callbacks that hand over to each socket's `data`. */
  readonly websocket: Bun.WebSocketHandler<SocketData> & SocketOptions;
  /** Ask every client to open another socket and to move its subscriptions there; the client closes the old one itself. */
  broadcastReconnectNotification(): void;
  /**
   * Stop gracefully: refuse new calls with SERVICE_UNAVAILABLE, close each socket once its calls are answered, and
   * wait for what still runs, mutations of closed sockets included. When time is up the rest is closed; the answer says
   * what had not ended. It stays closed: sockets that open later are closed at once.
   */
  close(options?: CloseOptions): Promise<Counts>;
  /** How much goes on at this moment. */
  counts(): Counts;
}

/**
 * Serve a tRPC router over Bun's own sockets.
 *
 * @throws RangeError when a limit or a time is out of its range.
 */
export function createWsHandler<TRouter extends AnyTRPCRouter>(options: WsHandlerOptions<TRouter>): WsHandler {
  const service = createService(options);
  const { activity, connections } = service;
  const stopKeepAlive = options.keepAlive?.enabled ? startKeepAlive(connections, options.keepAlive) : () => {};
  const socketOptions: SocketOptions = {
    maxPayloadLength: service.limits.frameBytes,
    backpressureLimit: service.limits.bufferedBytes,
    closeOnBackpressureLimit: true,
    idleTimeout: wholeNumber("idleTimeoutSeconds", options.idleTimeoutSeconds ?? 120, 8, 960),
    sendPings: true,
  };

  function connect({ headers, url, address = null }: ConnectOptions): SocketData {
    return new Connection(service, { headers, url: new URL(url), address });
  }

  return {
    connect,
    upgrade(request, server) {
      const address = server.requestIP(request)?.address ?? null;
      return server.upgrade(request, { data: connect({ headers: request.headers, url: request.url, address }) });
    },
    socketOptions,
    websocket: {
      ...socketOptions,
      open: (ws) => ws.data.open(ws),
      message: (ws, frame) => ws.data.message(ws, frame),
      drain: (ws) => ws.data.drain(ws),
      close: (ws, code, reason) => ws.data.close(ws, code, reason),
    },
    broadcastReconnectNotification() {
      const notification = JSON.stringify({ id: null, method: "reconnect" });
      for (const { socket } of connections) socket.send(notification);
    },
    async close({ code = closeCodes.restart[0], reason = closeCodes.restart[1], withinMs = 10_000 } = {}) {
      service.closing = { code, reason };
      for (const connection of connections) connection.closeIfAnswered();
      await activity.idle(withinMs);
      stopKeepAlive();
      for (const { socket } of connections) socket.close(code, reason);
      return activity.counts();
    },
    counts: () => activity.counts(),
  };
}
