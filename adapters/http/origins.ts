import type { HttpAppOptions, Peer } from "./options.ts";

type OriginRules = Pick<HttpAppOptions<never>, "origins" | "publicUrl">;

/**
 * Whether a request may come from a page of this origin. Without one it is no page's, or one that its own origin may
 * not read anyway. Where the way was not encrypted as far as the server knows, a proxy that it was not told of may
 * have done it, so then the host alone tells.
 */
export function isAllowed(origin: string | null, request: Request, { secure }: Peer, rules: OriginRules): boolean {
  if (origin === null || rules.origins.includes(origin)) return true;
  // Where the own origin is configured, what a request calls its host is not believed.
  if (rules.publicUrl !== null) return new URL(rules.publicUrl).origin === origin;
  const own = URL.parse(request.url)?.host;
  return own !== undefined && (origin === `https://${own}` || (!secure && origin === `http://${own}`));
}

/** What lets a page of an allowed origin read the answer, cookies included. */
export function corsHeaders(origin: string | null, allowed: boolean): Record<string, string> {
  if (origin === null || !allowed) return { vary: "origin" };
  return { vary: "origin", "access-control-allow-origin": origin, "access-control-allow-credentials": "true" };
}

/** What a browser asks before it sends a page's call. */
export const preflightHeaders: Readonly<Record<string, string>> = {
  "access-control-allow-methods": "GET, POST",
  "access-control-allow-headers": "authorization, content-type, last-event-id, trpc-accept, x-trpc-source",
  "access-control-max-age": "600",
};
