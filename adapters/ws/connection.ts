import { getTRPCErrorFromUnknown, TRPCError } from "@trpc/server";
import { parseConnectionParamsFromUnknown, type TRPCRequestInfo } from "@trpc/server/http";
import type { TRPCClientOutgoingMessage } from "@trpc/server/rpc";
import {
  answer,
  answerError,
  type Caller,
  type ContextResult,
  reportFailure,
  sendError,
  unreadCall,
} from "./answers.ts";
import { type ProcedureCall, procedureCall, runCall } from "./calls.ts";
import { closeCodes } from "./close_codes.ts";
import { type RefusedCall, readConnectionParams, readMessages } from "./frames.ts";
import type { ConnectionInfo } from "./options.ts";
import type { Service } from "./service.ts";
import { type BunSocket, Socket } from "./socket.ts";
import { runSubscription, Subscription } from "./subscriptions.ts";

/** The callbacks of one socket, to be its `data`. None throws: a throw in a socket's callback ends the process. */
export interface SocketData {
  open(ws: BunSocket): void;
  message(ws: BunSocket, frame: string | Uint8Array): void;
  drain(ws: BunSocket): void;
  close(ws: BunSocket, code: number, reason: string): void;
}

const notAskedYet = new Promise<never>(() => {});

/** One socket from its upgrade to its end: makes its context, takes its frames apart and runs what they ask for. */
export class Connection implements SocketData, Caller {
  readonly service: Service;
  readonly socket = new Socket();
  ctx: unknown = undefined;
  ready: Promise<ContextResult> = notAskedYet;
  /** The keep-alive's rounds since the peer was last heard. */
  quietRounds = 0;
  /** Null once the context was asked for, so that an idle socket does not keep its headers. */
  #info: ConnectionInfo | null;
  #paramsTimer: Timer | undefined;
  #callsInFlight = 0;
  readonly #queries = new Set<AbortController>();
  readonly #subscriptions = new Map<number | string, Subscription>();

  constructor(service: Service, info: ConnectionInfo) {
    this.service = service;
    this.#info = info;
  }

  open(ws: BunSocket): void {
    this.#guard(() => {
      const { activity, closing, connections, connectionParamsTimeoutMs } = this.service;
      this.socket.opened(ws);
      connections.add(this);
      activity.begin("connections");
      if (closing) return this.socket.close(closing.code, closing.reason);
      if (this.#info?.url.searchParams.get("connectionParams") !== "1") return this.#askForContext(() => null);
      this.#paramsTimer = setTimeout(() => {
        this.socket.close(...closeCodes.connectionParamsTimeout);
      }, connectionParamsTimeoutMs);
    });
  }

  message(_ws: BunSocket, frame: string | Uint8Array): void {
    this.#guard(() => {
      this.quietRounds = 0;
      if (frame === "PONG") return;
      if (frame === "PING") return this.socket.send("PONG");
      if (this.#info) return this.#askForContext(() => parseConnectionParamsFromUnknown(readConnectionParams(frame)));
      this.#read(frame).forEach((message, batchIndex) => {
        this.#handle(message, batchIndex);
      });
    });
  }

  drain(_ws: BunSocket): void {
    this.#guard(() => this.socket.wrote());
  }

  /** Queries and subscriptions are told to stop; mutations go on, with nobody left to answer. */
  close(_ws: BunSocket, _code: number, _reason: string): void {
    this.#guard(() => {
      clearTimeout(this.#paramsTimer);
      for (const subscription of this.#subscriptions.values()) subscription.stop();
      for (const query of this.#queries) query.abort();
      this.socket.closed();
      this.service.connections.delete(this);
      this.service.activity.end("connections");
    });
  }

  /** In a graceful stop: close once no call waits for its answer. */
  closeIfAnswered(): void {
    const { closing } = this.service;
    if (closing && this.#callsInFlight === 0) this.socket.close(closing.code, closing.reason);
  }

  #askForContext(params: () => TRPCRequestInfo["connectionParams"]): void {
    const info = this.#info;
    if (!info) return;
    this.#info = null;
    clearTimeout(this.#paramsTimer);
    this.ready = this.#createContext(info, params);
  }

  async #createContext(
    info: ConnectionInfo,
    params: () => TRPCRequestInfo["connectionParams"],
  ): Promise<ContextResult> {
    try {
      this.ctx = await this.service.createContext({ info, connectionParams: params(), connection: this.socket });
      return { ok: true };
    } catch (cause) {
      const error = getTRPCErrorFromUnknown(cause);
      answerError(this, unreadCall(), error);
      const { contextFailed, contextRefused } = closeCodes;
      const [code, reason] = error.code === "INTERNAL_SERVER_ERROR" ? contextFailed : contextRefused;
      // Calls that wait for the context are answered first.
      setImmediate(() => this.socket.close(code, reason));
      return { ok: false, error };
    }
  }

  #read(frame: string | Uint8Array): (TRPCClientOutgoingMessage | RefusedCall)[] {
    try {
      return readMessages(frame, this.service);
    } catch (cause) {
      sendError(this, unreadCall(), cause);
      return [];
    }
  }

  #handle(message: TRPCClientOutgoingMessage | RefusedCall, batchIndex: number): void {
    const { id, jsonrpc } = message;
    if ("refusal" in message) {
      answerError(this, unreadCall(id, jsonrpc), message.refusal);
    } else if (id === null) {
      const refusal = new TRPCError({ code: "PARSE_ERROR", message: "`id` is required" });
      answerError(this, unreadCall(null, jsonrpc), refusal);
    } else if (message.method === "subscription.stop") {
      this.#subscriptions.get(id)?.stop();
    } else {
      this.#begin(procedureCall(message, id, batchIndex));
    }
  }

  #begin(call: ProcedureCall): void {
    const refusal = this.#refusal(call);
    if (refusal) {
      answerError(this, call, refusal);
      return;
    }
    const running = call.type === "subscription" ? this.#subscribe(call) : this.#call(call);
    running.catch((cause) => reportFailure(this, call, cause));
  }

  #refusal({ id, type }: ProcedureCall): TRPCError | null {
    const { closing, limits, makeLimitError } = this.service;
    if (closing) return new TRPCError({ code: "SERVICE_UNAVAILABLE", message: "The server is stopping" });
    if (type !== "subscription") {
      if (this.#callsInFlight < limits.callsInFlight) return null;
      return makeLimitError({ limit: "callsInFlight", max: limits.callsInFlight });
    }
    if (this.#subscriptions.has(id)) return new TRPCError({ code: "BAD_REQUEST", message: `Duplicate id ${id}` });
    if (this.#subscriptions.size < limits.subscriptions) return null;
    return makeLimitError({ limit: "subscriptions", max: limits.subscriptions });
  }

  async #call(call: ProcedureCall): Promise<void> {
    // A mutation's is never aborted: once begun, it ignores the end of its socket.
    const controller = new AbortController();
    if (call.type === "query") this.#queries.add(controller);
    this.#callsInFlight++;
    this.service.activity.begin("calls");
    try {
      await runCall(this, call, controller.signal);
    } finally {
      this.#queries.delete(controller);
      this.#callsInFlight--;
      this.service.activity.end("calls");
      this.closeIfAnswered();
    }
  }

  async #subscribe(call: ProcedureCall): Promise<void> {
    const subscription = new Subscription();
    this.#subscriptions.set(call.id, subscription);
    this.service.activity.begin("subscriptions");
    try {
      await runSubscription(this, call, subscription);
    } finally {
      this.#subscriptions.delete(call.id);
      this.service.activity.end("subscriptions");
    }
    // The client may use the id again once it reads this.
    answer(this, call, { type: "stopped" });
  }

  #guard(run: () => void): void {
    try {
      run();
    } catch (cause) {
      reportFailure(this, unreadCall(), cause);
    }
  }
}
