import type {
  AnyTRPCRouter,
  CreateContextCallback,
  inferRouterContext,
  TRPCError,
  TRPCProcedureType,
} from "@trpc/server";
import type { TRPCRequestInfo } from "@trpc/server/http";
import type { LimitExceeded, Limits } from "./limits.ts";

/** The facts of the upgrade request. */
export interface ConnectionInfo {
  readonly headers: Headers;
  readonly url: URL;
  /** The peer's IP address, if the embedder named it. */
  readonly address: string | null;
}

/** The hold that a context has on its socket. */
export interface ConnectionHandle {
  /** Aborted when the socket closes, whoever closes it. */
  readonly signal: AbortSignal;
  /** Close the socket; Bun cuts `reason` after 123 bytes. Does nothing on a closed one. */
  close(code?: number, reason?: string): void;
}

/** What `createContext` is called with, once for each socket. */
export interface CreateContextOptions {
  readonly info: ConnectionInfo;
  /** What the client sent with `?connectionParams=1`, otherwise `null`. */
  readonly connectionParams: TRPCRequestInfo["connectionParams"];
  readonly connection: ConnectionHandle;
}

/** Builds a socket's context. A rejection is answered to the client as an error, and the socket closed. */
export type CreateContext<Context> = (options: CreateContextOptions) => Context | Promise<Context>;

/** An error, and the call that it belongs to, if there is one. */
export interface ErrorInfo<Context = unknown> {
  readonly error: TRPCError;
  readonly type: TRPCProcedureType | "unknown";
  readonly path: string | undefined;
  readonly input: unknown;
  /** Undefined until the context is made. */
  readonly ctx: Context | undefined;
}

/** When a quiet socket is asked for a sign of life with a text `PING`. */
export interface KeepAlive {
  /** Off by default, since Bun sends WebSocket pings of its own. */
  readonly enabled: boolean;
  /** Milliseconds of quiet before a ping, at least 1, 30,000 by default. It may come half of `pongWaitMs` early. */
  readonly pingMs?: number;
  /** Milliseconds from the ping to the end of a socket that stays quiet, at least 2, 5,000 by default. */
  readonly pongWaitMs?: number;
}

/** What `createWsHandler()` takes; `createContext` may be left out if every procedure does without a context. */
export type WsHandlerOptions<TRouter extends AnyTRPCRouter> = {
  readonly router: TRouter;
  readonly limits?: Partial<Limits>;
  /** Whether one frame may hold several calls, as the client sends what it is asked for in one tick. True by default. */
  readonly allowBatching?: boolean;
  readonly keepAlive?: KeepAlive;
  /** Seconds without a frame, ping or pong before Bun closes a socket, 8 to 960, 120 by default; Bun pings shortly before. */
  readonly idleTimeoutSeconds?: number;
  /** Milliseconds that a socket with `?connectionParams=1` has for its first frame, at least 1, 10,000 by default. */
  readonly connectionParamsTimeoutMs?: number;
  /** Makes the error for a call beyond a limit, for example with a `cause` that the router's `errorFormatter` knows. */
  readonly makeLimitError?: (exceeded: LimitExceeded) => TRPCError;
  /** Told of each error that a call ends with, and of the handler's own failures, which go to the console without it. */
  readonly onError?: (info: ErrorInfo<inferRouterContext<TRouter>>) => void;
} & CreateContextCallback<inferRouterContext<TRouter>, CreateContext<inferRouterContext<TRouter>>>;
