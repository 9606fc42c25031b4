/**
 * Serves a chat on one port: composes the router, the sockets and HTTP. A host that has its own users hands in its own
 * `authenticate`; a chat with accounts uses `authenticateBy(sessions)`.
 *
 * @module
 */
export { type Asking, type Authenticate, type Authenticated, authenticateBy } from "./authenticate.ts";
export { closeCodes } from "./close_codes.ts";
export type { Log, LogEntry } from "./faults.ts";
export { faultEntry } from "./faults.ts";
export { type ServerLimits, serverLimits } from "./limits.ts";
export { createServer, type Server, type ServerOptions, type ServerState } from "./server.ts";
