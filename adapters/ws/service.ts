import {
  type AnyTRPCRouter,
  getTRPCErrorFromUnknown,
  type TRPCCombinedDataTransformer,
  type TRPCError,
} from "@trpc/server";
import { Activity } from "./activity.ts";
import type { Connection } from "./connection.ts";
import { type LimitExceeded, type Limits, limitError, resolveLimits } from "./limits.ts";
import type { CreateContext, ErrorInfo, WsHandlerOptions } from "./options.ts";
import { MAX_TIMER_MS, wholeNumber } from "./ranges.ts";

/** What all connections of a handler share. */
export interface Service {
  readonly router: AnyTRPCRouter;
  readonly transformer: TRPCCombinedDataTransformer;
  readonly limits: Limits;
  readonly allowBatching: boolean;
  readonly connectionParamsTimeoutMs: number;
  readonly createContext: CreateContext<unknown>;
  /** Never throws. */
  readonly makeLimitError: (exceeded: LimitExceeded) => TRPCError;
  readonly onError: ((info: ErrorInfo) => void) | undefined;
  /** The open ones. */
  readonly connections: Set<Connection>;
  readonly activity: Activity;
  /** Set once a graceful stop began: sockets close with it, and new calls are refused. */
  closing: { readonly code: number; readonly reason: string } | null;
}

/** Fill in the defaults of a handler's options; the router's own type of context ends here. */
export function createService<TRouter extends AnyTRPCRouter>(options: WsHandlerOptions<TRouter>): Service {
  const { router, createContext, onError, makeLimitError = limitError } = options;
  return {
    router,
    transformer: router._def._config.transformer,
    limits: resolveLimits(options.limits),
    allowBatching: options.allowBatching ?? true,
    connectionParamsTimeoutMs: wholeNumber(
      "connectionParamsTimeoutMs",
      options.connectionParamsTimeoutMs ?? 10_000,
      1,
      MAX_TIMER_MS,
    ),
    createContext: createContext ?? (() => ({})),
    makeLimitError: (exceeded) => {
      try {
        return makeLimitError(exceeded);
      } catch (cause) {
        return getTRPCErrorFromUnknown(cause);
      }
    },
    onError: onError && ((info) => onError(info as Parameters<typeof onError>[0])),
    connections: new Set(),
    activity: new Activity(),
    closing: null,
  };
}
