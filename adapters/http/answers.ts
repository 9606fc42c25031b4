import { type AnyTRPCRouter, getTRPCErrorShape, type TRPCError, transformTRPCResponse } from "@trpc/server";
import { getHTTPStatusCodeFromError } from "@trpc/server/http";

/** Answer an error that keeps a request from the router, in the shape that the router gives its own. */
export function errorResponse({ _def }: AnyTRPCRouter, error: TRPCError, headers: HeadersInit = {}): Response {
  const config = _def._config;
  const shape = getTRPCErrorShape({
    config,
    error,
    type: "unknown",
    path: undefined,
    input: undefined,
    ctx: undefined,
  });
  return Response.json(transformTRPCResponse(config, { error: shape }), {
    status: getHTTPStatusCodeFromError(error),
    headers,
  });
}

/** What every answer says. */
export const everywhere: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

/** Answer a path that leads nowhere. */
export function nothingHere(pathname: string): Response {
  const places = {
    "/": "what runs here, and how to connect",
    "/trpc": "tRPC over WebSocket; /trpc/<procedure> over HTTP and server-sent events",
    "/healthz": "whether the process is alive",
    "/readyz": "whether it is ready to serve",
  };
  return Response.json(
    { error: `Nothing is at ${pathname.slice(0, 200)}`, places },
    { status: 404, headers: everywhere },
  );
}

/** Answer a request whose `Host` makes no address. */
export function unaddressed(): Response {
  return Response.json({ error: "The Host header names no host" }, { status: 400, headers: everywhere });
}
