import { isIP } from "node:net";
import { resolve } from "node:path";
import { z } from "zod";
import type { ServerLimits } from "./server/mod.ts";
import { serverLimits } from "./server/mod.ts";

/** What the environment asks for. */
export interface Configuration {
  readonly port: number;
  readonly hostname: string;
  readonly store: "embedded" | "memory";
  /** Absolute. */
  readonly dataDir: string;
  readonly publicUrl: string | null;
  readonly origins: readonly string[];
  readonly proxyHops: number;
  readonly closeWithinMs: number;
  readonly limits: ServerLimits;
}

/** Either the configuration, or one line for each variable that is wrong. */
export type ReadConfiguration =
  | { readonly ok: true; readonly configuration: Configuration }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Read the environment. A variable that is empty counts as not set. */
export function readConfiguration(environment: Readonly<Record<string, string | undefined>>): ReadConfiguration {
  const read = schema.safeParse(environment);
  if (read.success) return { ok: true, configuration: read.data };
  return { ok: false, problems: read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) };
}

/** A variable that is `fallback` where it is not set; `read` answers null for what it must not be. */
function variable<T>(fallback: T, must: string, read: (text: string) => T | null) {
  return z
    .string()
    .optional()
    .transform((text, context) => {
      if (text === undefined || text.trim() === "") return fallback;
      const value = read(text.trim());
      if (value !== null) return value;
      context.addIssue({ code: "custom", message: `must be ${must}, but is ${JSON.stringify(text)}` });
      return z.NEVER;
    });
}

function wholeNumber(fallback: number, least: number, most: number) {
  return variable(fallback, `a whole number from ${least} to ${most}`, (text) => {
    const value = Number(text);
    return /^\d+$/.test(text) && value >= least && value <= most ? value : null;
  });
}

/** A variable of the cluster store. To go on without it would keep data where nobody looks for them. */
function ofClusterStore(name: string) {
  return z
    .string()
    .optional()
    .transform((text, context) => {
      if (text === undefined || text.trim() === "") return;
      const message = `belongs to the cluster store, which this version does not have: it serves the embedded store only; unset ${name}`;
      context.addIssue({ code: "custom", message });
    });
}

/** The origin that a text is, if it is one and nothing more. */
function originOf(text: string): string | null {
  const url = URL.parse(text);
  return url && /^https?:$/.test(url.protocol) && url.origin === text ? text : null;
}

const origins = variable<readonly string[]>(
  [],
  "origins like https://app.example.com (no path, no slash at the end, lower case), separated by commas",
  (text) => {
    const list = text.split(",").map((entry) => entry.trim());
    return list.every((entry) => originOf(entry) !== null) ? list : null;
  },
);

const publicUrl = variable<string | null>(null, "like https://chat.example.com (lower case, without a path)", (text) =>
  originOf(text.replace(/\/$/, "")),
);

const hostname = variable("127.0.0.1", "an IP address or a host name, like 0.0.0.0 or localhost", (text) =>
  isIP(text) !== 0 || (/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text) && !/^[\d.]+$/.test(text)) ? text : null,
);

const store = variable<Configuration["store"]>("embedded", "embedded or memory", (text) =>
  text === "embedded" || text === "memory" ? text : null,
);

/** The most that a frame may be asked to hold; a message of 4,000 code points, each escaped as JSON may, takes 48 KB. */
const FRAME_BYTES = [65_536, 16_777_216] as const;

const schema = z
  .object({
    PORT: wholeNumber(8080, 0, 65_535),
    HOST: hostname,
    STORE: store,
    DATA_DIR: variable("./data", "a path", (text) => (text.includes("\0") ? null : text)),
    PUBLIC_URL: publicUrl,
    ORIGINS: origins,
    PROXY_HOPS: wholeNumber(0, 0, 10),
    STOP_WITHIN_MS: wholeNumber(10_000, 0, 600_000),
    MAX_FRAME_BYTES: wholeNumber(serverLimits.frameBytes, ...FRAME_BYTES),
    MAX_BUFFERED_BYTES: wholeNumber(serverLimits.bufferedBytes, 65_536, 1_073_741_824),
    MAX_SOCKETS_PER_ADDRESS: wholeNumber(serverLimits.socketsPerAddress, 1, 1_000_000),
    MAX_SOCKETS_PER_USER: wholeNumber(serverLimits.socketsPerUser, 1, 1_000_000),
    MAX_SUBSCRIPTIONS_PER_SOCKET: wholeNumber(serverLimits.subscriptionsPerSocket, 1, 100_000),
    MAX_CALLS_PER_SOCKET: wholeNumber(serverLimits.callsPerSocket, 1, 100_000),
    MAX_CALLS_PER_BATCH: wholeNumber(serverLimits.callsPerBatch, 1, 100_000),
    DB_URL: ofClusterStore("DB_URL"),
    REDIS_ADDR: ofClusterStore("REDIS_ADDR"),
    REDIS_PASSWORD: ofClusterStore("REDIS_PASSWORD"),
    MONGO_URL: ofClusterStore("MONGO_URL"),
  })
  .transform(
    (read): Configuration => ({
      port: read.PORT,
      hostname: read.HOST,
      store: read.STORE,
      dataDir: resolve(read.DATA_DIR),
      publicUrl: read.PUBLIC_URL,
      origins: read.ORIGINS,
      proxyHops: read.PROXY_HOPS,
      closeWithinMs: read.STOP_WITHIN_MS,
      limits: {
        frameBytes: read.MAX_FRAME_BYTES,
        bufferedBytes: read.MAX_BUFFERED_BYTES,
        socketsPerAddress: read.MAX_SOCKETS_PER_ADDRESS,
        socketsPerUser: read.MAX_SOCKETS_PER_USER,
        subscriptionsPerSocket: read.MAX_SUBSCRIPTIONS_PER_SOCKET,
        callsPerSocket: read.MAX_CALLS_PER_SOCKET,
        callsPerBatch: read.MAX_CALLS_PER_BATCH,
      },
    }),
  );
