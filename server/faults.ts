import { faultIdOf } from "../adapters/trpc/mod.ts";

/** Something for whoever runs the server to know. Holds no text of a message, no token and no password. */
export interface LogEntry {
  readonly level: "info" | "error";
  readonly event: string;
  readonly [detail: string]: unknown;
}

/** Takes entries. Must not throw. */
export type Log = (entry: LogEntry) => void;

type TRPCError = Parameters<typeof faultIdOf>[0];

/** Logs each error that nobody foresaw, once, under the id that its caller was told. */
export function createFaultLog(log: Log): (error: TRPCError, path: string | undefined) => void {
  const logged = new WeakSet<TRPCError>();
  return (error, path) => {
    const id = faultIdOf(error);
    if (id === null || logged.has(error)) return;
    logged.add(error);
    log({ ...faultEntry(error.cause ?? error), id, ...(path === undefined ? {} : { path }) });
  };
}

/** What the log tells of a fault, and of what caused it. */
export function faultEntry(fault: unknown): LogEntry {
  return { level: "error", event: "fault", causes: causesOf(fault) };
}

interface Cause {
  readonly name: string;
  readonly code?: string;
  readonly message: string;
  readonly stack: readonly string[];
}

/**
 * The fault, then what caused it. Of a message the first line alone: drivers put the values of a failed query, and so
 * what users wrote, into those that follow.
 */
function causesOf(fault: unknown): readonly Cause[] {
  const causes: Cause[] = [];
  for (let cause = fault; cause !== undefined && cause !== null && causes.length < 5; ) {
    if (!(cause instanceof Error))
      return [...causes, { name: typeof cause, message: firstLine(String(cause)), stack: [] }];
    const { name, message, stack = "" } = cause;
    const code = "code" in cause && typeof cause.code === "string" ? { code: cause.code } : {};
    causes.push({ name, ...code, message: firstLine(message), stack: framesOf(stack) });
    cause = cause.cause;
  }
  return causes;
}

function firstLine(text: string): string {
  return (text.split("\n", 1)[0] ?? "").slice(0, 200);
}

function framesOf(stack: string): readonly string[] {
  const lines = stack.split("\n").map((line) => line.trim());
  return lines.filter((line) => line.startsWith("at ")).slice(0, 20);
}
