import { TRPCError } from "@trpc/server";
import { wholeNumber } from "./ranges.ts";

/** What one socket may ask of the server. Each is a whole number from 1 to 4,294,967,295. */
export interface Limits {
  /** Bytes of one incoming frame. Bun closes the socket beyond it; the client sees code 1009. */
  readonly frameBytes: number;
  /** Bytes that wait for a slow reader before Bun closes its socket; the client sees code 1006. */
  readonly bufferedBytes: number;
  /** Subscriptions at one time, those that are still ending included. */
  readonly subscriptions: number;
  /** Queries and mutations at one time that are not answered yet. */
  readonly callsInFlight: number;
  /** Queries and mutations in one frame. Subscriptions do not count: a client that reconnects sends all of its own at once. */
  readonly callsPerBatch: number;
}

/** Room for a busy page: a client that stays below these never notices them. */
export const defaultLimits: Limits = {
  frameBytes: 256 * 1024,
  bufferedBytes: 4 * 1024 * 1024,
  subscriptions: 256,
  callsInFlight: 128,
  callsPerBatch: 128,
};

/** A limit that a single call ran into; its socket goes on. */
export interface LimitExceeded {
  readonly limit: "subscriptions" | "callsInFlight" | "callsPerBatch";
  /** The configured value. */
  readonly max: number;
}

const limited: Record<LimitExceeded["limit"], string> = {
  subscriptions: "subscriptions on this socket",
  callsInFlight: "calls in flight on this socket",
  callsPerBatch: "calls in one batch",
};

/** The error that a call beyond a limit is answered with, unless the embedder makes its own. */
export function limitError({ limit, max }: LimitExceeded): TRPCError {
  return new TRPCError({ code: "TOO_MANY_REQUESTS", message: `Too many ${limited[limit]}: at most ${max}` });
}

/**
 * Fill in the defaults.
 *
 * @throws RangeError when a limit is no whole number from 1 to 4,294,967,295.
 */
export function resolveLimits(given: Partial<Limits> = {}): Limits {
  const limits = { ...defaultLimits, ...given };
  for (const [name, value] of Object.entries(limits)) wholeNumber(`limits.${name}`, value, 1, 0xffff_ffff);
  return limits;
}
