import type { AnyTRPCRouter } from "@trpc/server";
import type { Server } from "bun";
import { createWsHandler, type SocketData, type WsHandler, type WsHandlerOptions } from "../../../adapters/ws/mod.ts";

/** Wait for a condition; the deadline only turns a hang into a failure. */
export async function until(condition: () => boolean, what = "the condition", withinMs = 5_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`Waited ${withinMs} ms for ${what}`);
    await Bun.sleep(1);
  }
}

/** A promise and its ends, for procedures that a test holds back. */
export function gate<T = void>(): { promise: Promise<T>; open: (value: T) => void } {
  let open: (value: T) => void = () => {};
  const promise = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

export interface Served extends AsyncDisposable {
  readonly handler: WsHandler;
  readonly server: Server<SocketData>;
  /** Bun's sides of the sockets that opened, in order. */
  readonly sockets: Bun.ServerWebSocket<SocketData>[];
  readonly url: string;
}

/** Serve a router on a port of its own. */
export function serve<TRouter extends AnyTRPCRouter>(
  options: WsHandlerOptions<TRouter>,
  socketOptions: Partial<Bun.WebSocketHandler<SocketData>> = {},
): Served {
  const handler = createWsHandler(options);
  const sockets: Bun.ServerWebSocket<SocketData>[] = [];
  const server = Bun.serve<SocketData>({
    port: 0,
    fetch: (request, server) => (handler.upgrade(request, server) ? undefined : new Response(null, { status: 426 })),
    websocket: {
      ...handler.websocket,
      ...socketOptions,
      open(ws) {
        sockets.push(ws);
        ws.data.open(ws);
      },
    },
  });
  return {
    handler,
    server,
    sockets,
    url: `ws://localhost:${server.port}`,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

/** A socket that speaks in frames and knows nothing of tRPC, so that it answers no `PING` either. */
export class RawClient {
  /** Every text frame, as it came. */
  readonly frames: string[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #ws: WebSocket;
  readonly #opened: Promise<void>;

  constructor(url: string) {
    this.#ws = new WebSocket(url);
    this.#opened = new Promise((resolve) => {
      this.#ws.onopen = () => resolve();
    });
    this.closed = new Promise((resolve) => {
      this.#ws.onclose = ({ code, reason }) => resolve({ code, reason });
    });
    this.#ws.onmessage = ({ data }) => {
      this.frames.push(data);
    };
  }

  static async open(url: string): Promise<RawClient> {
    const client = new RawClient(url);
    await client.#opened;
    return client;
  }

  /** Send a frame: text and bytes as they are, anything else as JSON. */
  send(frame: string | Uint8Array<ArrayBuffer> | object): void {
    if (typeof frame === "string" || frame instanceof Uint8Array) this.#ws.send(frame);
    else this.#ws.send(JSON.stringify(frame));
  }

  /** Wait for the frame number `count` and answer the first `count` as JSON values, `PING` and `PONG` as text. */
  async received(count: number): Promise<unknown[]> {
    await until(() => this.frames.length >= count, `frame ${count} after ${JSON.stringify(this.frames)}`);
    return this.frames.slice(0, count).map((frame) => (/^P[IO]NG$/.test(frame) ? frame : JSON.parse(frame)));
  }

  /** All frames up to now: the server answers a PING in order, so nothing else was sent before. */
  async settled(): Promise<unknown[]> {
    const before = this.frames.filter((frame) => frame === "PONG").length;
    this.send("PING");
    await until(() => this.frames.filter((frame) => frame === "PONG").length > before, "PONG");
    return (await this.received(this.frames.length)).filter((frame) => frame !== "PONG");
  }

  close(code = 1000): void {
    this.#ws.close(code);
  }

  /** Cut the connection with no closing handshake. */
  kill(): void {
    (this.#ws as Bun.WebSocket).terminate();
  }
}

/** The error frame's facts that tests compare, from a default error shape. */
export function errorOf(frame: unknown): { id: unknown; code: string; message: string; path?: string } {
  const { id, error } = frame as { id: unknown; error: { message: string; data: { code: string; path?: string } } };
  const { code, path } = error.data;
  return { id, code, message: error.message, ...(path === undefined ? {} : { path }) };
}
