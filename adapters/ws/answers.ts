import { getTRPCErrorFromUnknown, getTRPCErrorShape, type TRPCError, transformTRPCResponse } from "@trpc/server";
import { TRPC_ERROR_CODES_BY_KEY, type TRPCResponseMessage, type TRPCResultMessage } from "@trpc/server/rpc";
import type { ErrorInfo } from "./options.ts";
import type { Service } from "./service.ts";
import type { Socket } from "./socket.ts";

/** A context that stands, or why it does not. */
export type ContextResult = { readonly ok: true } | { readonly ok: false; readonly error: TRPCError };

/** An open socket, as its calls see it. */
export interface Caller {
  readonly service: Service;
  readonly socket: Socket;
  /** Undefined until `ready` says ok. */
  readonly ctx: unknown;
  readonly ready: Promise<ContextResult>;
}

/** A call, as far as its answers need it. */
export interface Call extends Pick<ErrorInfo, "type" | "path" | "input"> {
  readonly id: number | string | null;
  readonly jsonrpc: "2.0" | undefined;
}

type Asker = Pick<Caller, "service" | "socket" | "ctx">;

/** A call that could not be read, so that nothing of it is known but perhaps its id. */
export function unreadCall(id: Call["id"] = null, jsonrpc: Call["jsonrpc"] = undefined): Call {
  return { id, jsonrpc, type: "unknown", path: undefined, input: undefined };
}

/**
 * Send a call's result.
 *
 * @throws when the result cannot be serialized.
 */
export function answer({ service, socket }: Asker, call: Call, result: TRPCResultMessage<unknown>["result"]): void {
  if (!socket.isOpen) return;
  socket.send(encode(service, { id: call.id, ...jsonrpcOf(call), result }));
}

/** Tell `onError` of an error and answer the call with it, as the router's `errorFormatter` shapes it. Never throws. */
export function answerError(asker: Asker, call: Call, cause: unknown): void {
  report(asker, call, cause);
  sendError(asker, call, cause);
}

/** Answer a call with an error that is the client's own, and nothing that the server wants to hear of. Never throws. */
export function sendError(asker: Asker, call: Call, cause: unknown): void {
  if (asker.socket.isOpen) asker.socket.send(encodeError(asker, call, getTRPCErrorFromUnknown(cause)));
}

/** Tell `onError` of an error; one that fails at that is ignored. Never throws. */
export function report({ service, ctx }: Asker, { type, path, input }: Call, cause: unknown): void {
  tell(service, { error: getTRPCErrorFromUnknown(cause), type, path, input, ctx }, () => {});
}

/** Tell `onError`, or else the console, of a failure of the handling itself. Never throws. */
export function reportFailure({ service, ctx }: Asker, { type, path, input }: Call, cause: unknown): void {
  const error = getTRPCErrorFromUnknown(cause);
  const log = () => console.error("tRPC WebSocket handler:", error);
  if (service.onError) tell(service, { error, type, path, input, ctx }, log);
  else log();
}

/** Callers are socket callbacks and promises that nobody awaits, where a throw or a rejection would end the process. */
function tell(service: Service, info: ErrorInfo, onFailure: () => void): void {
  try {
    const told: unknown = service.onError?.(info);
    if (told instanceof Promise) told.catch(onFailure);
  } catch {
    onFailure();
  }
}

function encodeError(asker: Asker, call: Call, error: TRPCError): string {
  const { service, ctx } = asker;
  const { id, type, path, input } = call;
  const envelope = { id, ...jsonrpcOf(call) };
  try {
    const shape = getTRPCErrorShape({ config: service.router._def._config, error, type, path, input, ctx });
    return encode(service, { ...envelope, error: shape });
  } catch (failure) {
    reportFailure(asker, call, failure);
  }
  try {
    return encode(service, { ...envelope, error: fallbackShape });
  } catch {
    return JSON.stringify({ ...envelope, error: fallbackShape });
  }
}

/** For an error that cannot be shaped or serialized. Says nothing of it, since the formatter might have hidden it. */
const fallbackShape = {
  code: TRPC_ERROR_CODES_BY_KEY.INTERNAL_SERVER_ERROR,
  message: "Internal server error",
  data: { code: "INTERNAL_SERVER_ERROR", httpStatus: 500 },
};

function encode({ router }: Service, message: TRPCResponseMessage): string {
  return JSON.stringify(transformTRPCResponse(router._def._config, message));
}

function jsonrpcOf({ jsonrpc }: Call): { jsonrpc?: "2.0" } {
  return jsonrpc ? { jsonrpc } : {};
}
