/**
 * tRPC over HTTP and server-sent events, health, and the page that says what runs here, as one Elysia app on one port.
 * Serves any router whose refusals are a `ChatError`; sockets are whoever's that upgrades them.
 *
 * @module
 */
export { createHttpApp, type HttpApp, type Listening } from "./app.ts";
export { sessionCookie } from "./cookies.ts";
export type { HttpAppOptions, HttpContextOptions, Peer, UpgradeOptions } from "./options.ts";
