import { callTRPCProcedure, getTRPCErrorFromUnknown, TRPCError, type TRPCProcedureType } from "@trpc/server";
import { isObservable } from "@trpc/server/observable";
import type { TRPCRequestMessage } from "@trpc/server/rpc";
import { answer, answerError, type Call, type Caller } from "./answers.ts";
import { isRecord } from "./frames.ts";

/** A call to a procedure, its id known and its input read. */
export interface ProcedureCall extends Call {
  readonly id: number | string;
  readonly type: TRPCProcedureType;
  readonly path: string;
  /** The place in its frame. */
  readonly batchIndex: number;
}

/** The call that a message asks for, the id of the last seen event merged into its input. */
export function procedureCall(message: TRPCRequestMessage, id: number | string, batchIndex: number): ProcedureCall {
  const { jsonrpc, method: type } = message;
  const { path, input, lastEventId } = message.params;
  return { id, jsonrpc, type, path, input: withLastEventId(input, lastEventId), batchIndex };
}

/** Run a query or a mutation and answer it. Never rejects. */
export async function runCall(caller: Caller, call: ProcedureCall, signal: AbortSignal): Promise<void> {
  try {
    const data = await callProcedure(caller, call, signal);
    if (isAsyncIterable(data) || isObservable(data)) {
      throw new TRPCError({
        code: "UNSUPPORTED_MEDIA_TYPE",
        message: `Cannot return an async iterable or observable from a ${call.type} procedure with WebSockets`,
      });
    }
    answer(caller, call, { type: "data", data });
  } catch (cause) {
    if (!isCancellation(cause, signal)) answerError(caller, call, cause);
  }
}

/**
 * Call a procedure once its socket's context stands.
 *
 * @throws what the context or the procedure throws, and an AbortError when it was cancelled before it began.
 */
export async function callProcedure(caller: Caller, call: ProcedureCall, signal: AbortSignal): Promise<unknown> {
  const context = await caller.ready;
  if (!context.ok) throw context.error;
  signal.throwIfAborted();
  const { path, type, input, batchIndex } = call;
  return callTRPCProcedure({
    router: caller.service.router,
    path,
    type,
    getRawInput: async () => input,
    ctx: caller.ctx,
    signal,
    batchIndex,
  });
}

/** Whether an error only says that the work gave up since it was cancelled. */
export function isCancellation(cause: unknown, signal: AbortSignal): boolean {
  if (!signal.aborted) return false;
  const error = getTRPCErrorFromUnknown(cause);
  return error.code === "INTERNAL_SERVER_ERROR" && error.cause?.name === "AbortError";
}

export function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return isRecord(value) && Symbol.asyncIterator in value;
}

function withLastEventId(input: unknown, lastEventId: string | undefined): unknown {
  if (lastEventId === undefined) return input;
  if (isRecord(input)) return { ...input, lastEventId };
  return input ?? { lastEventId };
}
