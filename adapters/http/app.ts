import { type AnyTRPCRouter, getTRPCErrorFromUnknown } from "@trpc/server";
import { Elysia } from "elysia";
import { errorResponse, nothingHere, unaddressed } from "./answers.ts";
import { Calls } from "./calls.ts";
import { health, readiness } from "./health.ts";
import type { HttpAppOptions } from "./options.ts";
import { page } from "./page.ts";
import { Streams } from "./streams.ts";
import { createTrpcEndpoint, ENDPOINT, type Underway } from "./trpc_endpoint.ts";

export interface Listening {
  /** As this machine reaches it: `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly port: number;
}

/** One port that speaks HTTP, server-sent events and, by whoever upgrades them, WebSocket. */
export interface HttpApp {
  /**
   * Listen; a port of 0 is any that is free.
   *
   * @throws what the system says, with its `code`: `EADDRINUSE`, `EACCES` …
   */
  listen(options: { readonly port: number; readonly hostname: string }): Listening;
  /**
   * Begin to stop: refuse calls and upgrades with UNAVAILABLE, say so on /readyz, end event streams with no word of an
   * end. It listens on, so that whoever comes is told and not cut off.
   */
  drain(): void;
  /** Wait until the calls that were under way are answered, at most so many milliseconds. */
  idle(withinMs: number): Promise<void>;
  /** Listen no more, let answers that are being sent reach their clients, and close what is left. */
  stop(): Promise<void>;
}

/** Seconds without a byte before a connection is closed; longer than any call waits for a store. */
const IDLE_SECONDS = 30;
/** How long answers that are being sent when the server stops may take to reach their clients, in milliseconds. */
const SENDING = 1_000;

export function createHttpApp<TRouter extends AnyTRPCRouter>(options: HttpAppOptions<TRouter>): HttpApp {
  const underway: Underway = { calls: new Calls(), streams: new Streams(), stopping: false };
  const trpc = createTrpcEndpoint(options, underway);
  // Elysia takes the first 11 characters of an address for its scheme and host, unless it is told of shorter ones.
  const app = new Elysia({ websocket: options.socketOptions, handler: { standardHostname: false } })
    .onRequest(({ request }) => (URL.canParse(request.url) ? undefined : unaddressed()))
    .onError(({ code, error, request }) => {
      if (code === "NOT_FOUND") return nothingHere(new URL(request.url).pathname);
      const fault = getTRPCErrorFromUnknown(error);
      options.onError(fault, undefined);
      return errorResponse(options.router, fault);
    })
    .get("/", ({ request }) => page(options.publicUrl?.replace(/\/+$/, "") ?? new URL(request.url).origin))
    .get("/healthz", () => health({ status: "alive" }))
    .get("/readyz", () => readiness(options, underway.stopping))
    .get(ENDPOINT, ({ request, server }) => trpc.upgrade(request, known(server)))
    .all(`${ENDPOINT}/*`, ({ request, server }) => trpc.answer(request, known(server)), { parse: "none" });

  return {
    listen({ port, hostname }) {
      // Two processes must not share a port unawares, and no page of Bun's may show where an error came from.
      app.listen({ port, hostname, reusePort: false, development: false, idleTimeout: IDLE_SECONDS });
      const server = known(app.server);
      return { url: server.url.origin, port: server.port ?? port };
    },
    drain() {
      underway.stopping = true;
      underway.streams.cutAll();
    },
    idle: (withinMs) => underway.calls.idle(withinMs),
    async stop() {
      const { server } = app;
      const late = new Promise<void>((resolve) => void setTimeout(resolve, SENDING).unref());
      await Promise.race([server?.stop(false), late]);
      await server?.stop(true);
    },
  };
}

function known<T>(server: T | null): T {
  if (server === null) throw new Error("asked before it listened");
  return server;
}
