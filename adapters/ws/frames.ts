import { TRPCError } from "@trpc/server";
import { parseTRPCMessage, type TRPCClientOutgoingMessage } from "@trpc/server/rpc";
import type { Service } from "./service.ts";

/** A call of a batch that is answered with an error before its input is looked at. */
export interface RefusedCall {
  readonly id: number | string | null;
  readonly jsonrpc: "2.0" | undefined;
  readonly refusal: TRPCError;
}

/** A message before it is known to be one. */
interface RawMessage {
  readonly id?: unknown;
  readonly jsonrpc?: unknown;
  readonly method?: unknown;
  readonly data?: unknown;
}

type FrameRules = Pick<Service, "transformer" | "allowBatching" | "limits" | "makeLimitError">;

/**
 * Read a frame's messages.
 *
 * @throws TRPCError PARSE_ERROR when any of it is not of tRPC's protocol; nothing of such a frame is run.
 */
export function readMessages(
  frame: string | Uint8Array,
  rules: FrameRules,
): (TRPCClientOutgoingMessage | RefusedCall)[] {
  try {
    const json = parseJson(frame);
    if (!Array.isArray(json)) return [parseTRPCMessage(json, rules.transformer)];
    return rules.allowBatching ? readBatch(json, rules) : refuseBatch(json);
  } catch (cause) {
    throw new TRPCError({ code: "PARSE_ERROR", cause });
  }
}

/**
 * Read the first frame of a socket that announced connection params.
 *
 * @throws TRPCError PARSE_ERROR when it is anything else.
 */
export function readConnectionParams(frame: string | Uint8Array): unknown {
  const message = "Malformed TRPCConnectionParamsMessage";
  try {
    const json = parseJson(frame);
    if (isMessage(json) && json.method === "connectionParams") return json.data;
  } catch (cause) {
    throw new TRPCError({ code: "PARSE_ERROR", message, cause });
  }
  throw new TRPCError({ code: "PARSE_ERROR", message });
}

/** An object that is no array, as `lastEventId` can be merged into. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseJson(frame: string | Uint8Array): unknown {
  if (typeof frame !== "string") throw new Error("Expected a text frame, got a binary one");
  return JSON.parse(frame);
}

/** The calls beyond the limit are refused one by one, their inputs left alone. */
function readBatch(batch: unknown[], rules: FrameRules): (TRPCClientOutgoingMessage | RefusedCall)[] {
  const max = rules.limits.callsPerBatch;
  let calls = 0;
  return batch.map((raw) => {
    if (isQueryOrMutation(raw) && ++calls > max && hasId(raw)) {
      return refuse(raw, rules.makeLimitError({ limit: "callsPerBatch", max }));
    }
    return parseTRPCMessage(raw, rules.transformer);
  });
}

function refuseBatch(batch: unknown[]): RefusedCall[] {
  const refusal = new TRPCError({ code: "BAD_REQUEST", message: "Batching is not enabled on the server" });
  const calls = batch.filter((raw) => hasId(raw)).filter((raw) => raw.method !== "subscription.stop");
  if (calls.length === 0) return [{ id: null, jsonrpc: undefined, refusal }];
  return calls.map((raw) => refuse(raw, refusal));
}

function refuse({ id, jsonrpc }: RawMessage & { id: number | string }, refusal: TRPCError): RefusedCall {
  return { id, jsonrpc: jsonrpc === "2.0" ? "2.0" : undefined, refusal };
}

function isQueryOrMutation(raw: unknown): boolean {
  return isMessage(raw) && (raw.method === "query" || raw.method === "mutation");
}

function hasId(raw: unknown): raw is RawMessage & { id: number | string } {
  return isMessage(raw) && (typeof raw.id === "number" || typeof raw.id === "string");
}

function isMessage(raw: unknown): raw is RawMessage {
  return isRecord(raw);
}
