import { type AnyTRPCRouter, getTRPCErrorFromUnknown, TRPCError } from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { errorResponse } from "./answers.ts";
import { readBody } from "./body.ts";
import type { Calls } from "./calls.ts";
import { sessionCookies } from "./cookies.ts";
import type { HttpAppOptions, Peer } from "./options.ts";
import { corsHeaders, isAllowed, preflightHeaders } from "./origins.ts";
import { peerOf } from "./peer.ts";
import type { Streams } from "./streams.ts";

export const ENDPOINT = "/trpc";

/** What runs at this moment, and whether more may begin. */
export interface Underway {
  readonly calls: Calls;
  readonly streams: Streams;
  stopping: boolean;
}

/** A request, and what is known of it before anything of it is done. */
interface Asked {
  readonly request: Request;
  readonly server: Bun.Server<unknown>;
  readonly url: URL;
  readonly peer: Peer;
}

/** Answers what is asked of the router over HTTP and server-sent events, and makes sockets. */
export interface TrpcEndpoint {
  answer(request: Request, server: Bun.Server<unknown>): Promise<Response>;
  /** Answers nothing where a socket came of it. */
  upgrade(request: Request, server: Bun.Server<unknown>): Response | undefined;
}

export function createTrpcEndpoint<TRouter extends AnyTRPCRouter>(
  options: HttpAppOptions<TRouter>,
  underway: Underway,
): TrpcEndpoint {
  const { router, refusal } = options;

  function judged(request: Request, server: Bun.Server<unknown>): { asked: Asked; refused: TRPCError | null } {
    const peer = peerOf(request, server.requestIP(request)?.address, options);
    const asked = { request, server, url: new URL(request.url), peer };
    const origin = request.headers.get("origin");
    if (!isAllowed(origin, request, peer, options)) {
      return { asked, refused: refusal({ code: "ORIGIN_FORBIDDEN", origin: (origin ?? "").slice(0, 512) }) };
    }
    if (underway.stopping) return { asked, refused: refusal({ code: "UNAVAILABLE", outcome: "none" }) };
    const named = asked.url.pathname === ENDPOINT || PATH.test(pathOf(asked.url));
    return {
      asked,
      refused: named ? null : new TRPCError({ code: "NOT_FOUND", message: "No procedure is at this path" }),
    };
  }

  function tooMany({ request, peer }: Asked): Response {
    const error = refusal({ code: "TOO_MANY_AT_ONCE", what: "sockets", limit: options.connectionsPerAddress });
    return finished(errorResponse(router, error), request, peer);
  }

  /** Add what every answer here says. */
  function finished(response: Response, request: Request, peer: Peer): Response {
    const origin = request.headers.get("origin");
    const { headers } = response;
    headers.set("x-content-type-options", "nosniff");
    headers.set("cache-control", isEventStream(response) ? "no-store, no-transform" : "no-store");
    for (const [name, value] of Object.entries(corsHeaders(origin, isAllowed(origin, request, peer, options)))) {
      if (name === "vary") headers.append(name, value);
      else headers.set(name, value);
    }
    if (underway.stopping) headers.set("connection", "close");
    return response;
  }

  async function answer(request: Request, server: Bun.Server<unknown>): Promise<Response> {
    const { asked, refused } = judged(request, server);
    const respond = (response: Response): Response => finished(response, request, asked.peer);
    const isStream = isSubscription(router, asked.url) && request.method === "GET";
    if (isStream && isUnavailable(refused)) return respond(comeAgain());
    if (refused) return respond(errorResponse(router, refused));
    if (request.method === "OPTIONS") return respond(new Response(null, { status: 204, headers: preflightHeaders }));
    const release = isStream ? options.admit(asked.peer.address) : () => {};
    if (release === null) return tooMany(asked);
    const ending = new Ending();
    ending.add(release);
    ending.add(underway.calls.begin(isStream));
    try {
      const response = await call(asked, isStream, ending);
      if (isEventStream(response)) server.timeout(request, 0);
      if (!isEventStream(response) && !response.headers.has("transfer-encoding")) {
        ending.end();
        return respond(response);
      }
      const streams = isStream ? underway.streams : underway.calls.streams;
      return respond(streams.watch(response, request.signal, () => ending.end()));
    } catch (cause) {
      ending.end();
      const error = getTRPCErrorFromUnknown(cause);
      options.onError(error, undefined);
      return respond(errorResponse(router, error, error.code === "METHOD_NOT_SUPPORTED" ? { allow: "GET, POST" } : {}));
    }
  }

  async function call(asked: Asked, isStream: boolean, ending: Ending): Promise<Response> {
    const { peer, url } = asked;
    judgeBatch(url, options);
    return fetchRequestHandler({
      endpoint: ENDPOINT,
      router,
      req: await readable(asked.request, options.bodyBytes),
      // A query that came by POST would be a mutation to a proxy, and a mutation by GET to nobody.
      allowMethodOverride: false,
      createContext: ({ info, resHeaders }) =>
        options.createContext({
          headers: asked.request.headers,
          connectionParams: info.connectionParams,
          address: peer.address,
          isStream,
          keepToken(token, expiresAt) {
            for (const cookie of sessionCookies(token, expiresAt, peer.secure)) resHeaders.append("set-cookie", cookie);
          },
          onEnd: (run) => ending.add(run),
        }),
      onError: ({ error, path }) => options.onError(error, path),
    });
  }

  function upgrade(request: Request, server: Bun.Server<unknown>): Response | undefined {
    const { asked, refused } = judged(request, server);
    if (refused) return finished(errorResponse(router, refused), request, asked.peer);
    if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") return socketExpected();
    const { address } = asked.peer;
    const onClose = options.admit(address);
    if (onClose === null) return tooMany(asked);
    if (options.upgrade({ request, server, address, onClose })) return undefined;
    onClose();
    return socketExpected();
  }

  function judgeBatch(url: URL, { callsPerBatch }: HttpAppOptions<TRouter>): void {
    if (url.searchParams.get("batch") !== "1") return;
    const calls = pathOf(url).split(",").length;
    if (calls > callsPerBatch) throw refusal({ code: "TOO_MANY_AT_ONCE", what: "batch", limit: callsPerBatch });
  }

  return { answer, upgrade };
}

/** What is to be done when a request is over, whenever it becomes known. */
class Ending {
  #runs: (() => void)[] | null = [];

  add(run: () => void): void {
    if (this.#runs === null) run();
    else this.#runs.push(run);
  }

  end(): void {
    const runs = this.#runs ?? [];
    this.#runs = null;
    for (const run of runs) run();
  }
}

/** The request with its body read: JSON alone, since a browser sends any other kind for any page without asking. */
async function readable(request: Request, maxBytes: number): Promise<Request> {
  const { method, headers, signal, url } = request;
  if (method === "GET" || method === "HEAD") return request;
  if (method !== "POST")
    throw new TRPCError({ code: "METHOD_NOT_SUPPORTED", message: "Queries are GET, mutations POST" });
  const type = headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    throw new TRPCError({ code: "UNSUPPORTED_MEDIA_TYPE", message: "The content-type of a call is application/json" });
  }
  return new Request(url, { method, headers, signal, body: await readBody(request, maxBytes) });
}

/** Procedures by their plain names. Another spelling would be judged here by one name, and called by another. */
const PATH = /^[\w.-]+(,[\w.-]+)*$/;

function pathOf({ pathname }: URL): string {
  return pathname.slice(ENDPOINT.length + 1).replaceAll(/%2c/gi, ",");
}

function isSubscription({ _def }: AnyTRPCRouter, url: URL): boolean {
  const path = pathOf(url);
  return Object.hasOwn(_def.procedures, path) && _def.procedures[path]?._def.type === "subscription";
}

function isEventStream({ headers }: Response): boolean {
  return headers.get("content-type")?.startsWith("text/event-stream") ?? false;
}

function isUnavailable(error: TRPCError | null): boolean {
  return error?.code === "SERVICE_UNAVAILABLE";
}

/** An event stream that ends before its first event: any other answer would have an EventSource give up for good. */
function comeAgain(): Response {
  return new Response("retry: 1000\n\n", { headers: { "content-type": "text/event-stream" } });
}

function socketExpected(): Response {
  const body = { error: "A WebSocket is expected here; HTTP calls go to /trpc/<procedure>" };
  return Response.json(body, { status: 426, headers: { upgrade: "websocket", connection: "Upgrade" } });
}
