/**
 * tRPC over WebSocket for Bun's own server sockets: the protocol of `@trpc/server/adapters/ws`, with limits and backpressure.
 *
 * @module
 */
export type { Counts } from "./activity.ts";
export { closeCodes } from "./close_codes.ts";
export type { SocketData } from "./connection.ts";
export {
  type CloseOptions,
  type ConnectOptions,
  createWsHandler,
  type SocketOptions,
  type WsHandler,
} from "./handler.ts";
export { defaultLimits, type LimitExceeded, type Limits, limitError } from "./limits.ts";
export type {
  ConnectionHandle,
  ConnectionInfo,
  CreateContext,
  CreateContextOptions,
  ErrorInfo,
  KeepAlive,
  WsHandlerOptions,
} from "./options.ts";
export type { BunSocket } from "./socket.ts";
