import { TRPCError } from "@trpc/server";
import type { TRPC_ERROR_CODE_KEY } from "@trpc/server/rpc";
import { ZodError } from "zod";
import type { ChatError, Result } from "../../domain/mod.ts";

/** Which code of tRPC, and so which status of HTTP, a refusal goes by. A refusal without a row does not compile. */
const CODES: Readonly<Record<ChatError["code"], TRPC_ERROR_CODE_KEY>> = {
  ACCOUNTS_ELSEWHERE: "METHOD_NOT_SUPPORTED",
  CAPACITY_INVALID: "BAD_REQUEST",
  CHATROOM_DELETED: "NOT_FOUND",
  CHATROOM_FULL: "CONFLICT",
  CHATROOM_MISSING: "NOT_FOUND",
  CREDENTIALS_WRONG: "UNAUTHORIZED",
  INPUT_INVALID: "BAD_REQUEST",
  MEMBERSHIP_ENDED: "FORBIDDEN",
  MEMBER_MISSING: "NOT_FOUND",
  MESSAGE_MISSING: "NOT_FOUND",
  NOT_A_MEMBER: "FORBIDDEN",
  ORIGIN_FORBIDDEN: "FORBIDDEN",
  PLACE_INVALID: "BAD_REQUEST",
  RATE_LIMITED: "TOO_MANY_REQUESTS",
  REQUEST_REUSED: "CONFLICT",
  ROLE_TOO_LOW: "FORBIDDEN",
  SESSION_ENDED: "UNAUTHORIZED",
  SESSION_MISSING: "NOT_FOUND",
  SIGNED_OUT: "UNAUTHORIZED",
  SUCCESSOR_NEEDED: "CONFLICT",
  TEXT_INVALID: "BAD_REQUEST",
  TOO_MANY_AT_ONCE: "TOO_MANY_REQUESTS",
  UNAVAILABLE: "SERVICE_UNAVAILABLE",
  USERNAME_TAKEN: "CONFLICT",
};

/** Carries a refusal through tRPC to the formatter. */
class Refusal extends Error {
  override readonly name = "Refusal";
  readonly chatError: ChatError;

  constructor(chatError: ChatError) {
    super(chatError.code);
    this.chatError = chatError;
  }
}

/** The error by which tRPC tells a refusal. */
export function refusalError(chatError: ChatError): TRPCError {
  return new TRPCError({ code: CODES[chatError.code], message: chatError.code, cause: new Refusal(chatError) });
}

/** The value of a result; a refusal is thrown as the error that tRPC tells. */
export function unwrap<T>(result: Result<T, ChatError>): T {
  if (result.ok) return result.value;
  throw refusalError(result.error);
}

/** The refusal that an error tells, or null if it tells none. */
export function chatErrorOf({ code, cause }: TRPCError): ChatError | null {
  if (cause instanceof Refusal) return cause.chatError;
  // A transport that stops refuses calls before they begin, and knows no refusals.
  if (code === "SERVICE_UNAVAILABLE") return { code: "UNAVAILABLE", outcome: "none" };
  if (!(cause instanceof ZodError)) return null;
  const issues = cause.issues.map(({ path, message }) => ({ path: path.map(String).join("."), message }));
  return { code: "INPUT_INVALID", issues };
}

const faultIds = new WeakMap<Error, string>();

/**
 * The id under which the server's log has what was unforeseen, the same whenever the same fault is asked for, however
 * often it was wrapped; null for an error that tells what the caller did.
 */
export function faultIdOf(error: TRPCError): string | null {
  if (error.code !== "INTERNAL_SERVER_ERROR") return null;
  const fault = error.cause ?? error;
  const id = faultIds.get(fault) ?? crypto.randomUUID();
  faultIds.set(fault, id);
  return id;
}
