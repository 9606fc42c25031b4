import { expect, test } from "bun:test";
import { resolve } from "node:path";
import { readConfiguration } from "../../main_config.ts";
import { serverLimits } from "../../server/mod.ts";
import { run } from "./_process.ts";

test("readConfiguration() fills in the defaults, also for variables that are empty", () => {
  const expected = {
    ok: true as const,
    configuration: {
      port: 8080,
      hostname: "127.0.0.1",
      store: "embedded" as const,
      dataDir: resolve("./data"),
      publicUrl: null,
      origins: [],
      proxyHops: 0,
      closeWithinMs: 10_000,
      limits: serverLimits,
    },
  };
  expect(readConfiguration({})).toEqual(expected);
  expect(readConfiguration({ PORT: "", DATA_DIR: " ", ORIGINS: "", DB_URL: "", HOME: "/root" })).toEqual(expected);
});

test("readConfiguration() reads each variable", () => {
  expect(
    readConfiguration({
      PORT: "0",
      HOST: "::",
      STORE: "memory",
      DATA_DIR: "/var/lib/chat",
      PUBLIC_URL: "https://chat.example.com/",
      ORIGINS: "https://a.example.com, http://localhost:3000",
      PROXY_HOPS: "2",
      STOP_WITHIN_MS: "500",
      MAX_FRAME_BYTES: "65536",
      MAX_BUFFERED_BYTES: "65536",
      MAX_SOCKETS_PER_ADDRESS: "1",
      MAX_SOCKETS_PER_USER: "2",
      MAX_SUBSCRIPTIONS_PER_SOCKET: "3",
      MAX_CALLS_PER_SOCKET: "4",
      MAX_CALLS_PER_BATCH: "5",
    }),
  ).toEqual({
    ok: true,
    configuration: {
      port: 0,
      hostname: "::",
      store: "memory",
      dataDir: "/var/lib/chat",
      publicUrl: "https://chat.example.com",
      origins: ["https://a.example.com", "http://localhost:3000"],
      proxyHops: 2,
      closeWithinMs: 500,
      limits: {
        frameBytes: 65_536,
        bufferedBytes: 65_536,
        socketsPerAddress: 1,
        socketsPerUser: 2,
        subscriptionsPerSocket: 3,
        callsPerSocket: 4,
        callsPerBatch: 5,
      },
    },
  });
});

const whole = (least: number, most: number) => `must be a whole number from ${least} to ${most}`;
const origins =
  "must be origins like https://app.example.com (no path, no slash at the end, lower case), separated by commas";
const host = "must be an IP address or a host name, like 0.0.0.0 or localhost";
const publicUrl = "must be like https://chat.example.com (lower case, without a path)";
const cluster = "belongs to the cluster store, which this version does not have: it serves the embedded store only";

const wrong: [name: string, value: string, message: string][] = [
  ["PORT", "abc", `${whole(0, 65_535)}, but is "abc"`],
  ["PORT", "-1", `${whole(0, 65_535)}, but is "-1"`],
  ["PORT", "65536", `${whole(0, 65_535)}, but is "65536"`],
  ["PORT", "80.5", `${whole(0, 65_535)}, but is "80.5"`],
  ["PORT", "0x50", `${whole(0, 65_535)}, but is "0x50"`],
  ["PORT", "1e3", `${whole(0, 65_535)}, but is "1e3"`],
  ["HOST", "300.1.1.1", `${host}, but is "300.1.1.1"`],
  ["HOST", "a b", `${host}, but is "a b"`],
  ["HOST", "http://localhost", `${host}, but is "http://localhost"`],
  ["STORE", "cluster", 'must be embedded or memory, but is "cluster"'],
  ["DATA_DIR", "a\u0000b", 'must be a path, but is "a\\u0000b"'],
  ["PUBLIC_URL", "chat.example.com", `${publicUrl}, but is "chat.example.com"`],
  ["PUBLIC_URL", "https://chat.example.com/chat", `${publicUrl}, but is "https://chat.example.com/chat"`],
  ["PUBLIC_URL", "ftp://chat.example.com", `${publicUrl}, but is "ftp://chat.example.com"`],
  ["ORIGINS", "*", `${origins}, but is "*"`],
  ["ORIGINS", "null", `${origins}, but is "null"`],
  ["ORIGINS", "https://a.example.com/", `${origins}, but is "https://a.example.com/"`],
  ["ORIGINS", "https://A.example.com", `${origins}, but is "https://A.example.com"`],
  ["ORIGINS", "https://a.example.com,,", `${origins}, but is "https://a.example.com,,"`],
  ["PROXY_HOPS", "11", `${whole(0, 10)}, but is "11"`],
  ["STOP_WITHIN_MS", "10s", `${whole(0, 600_000)}, but is "10s"`],
  ["MAX_FRAME_BYTES", "1000", `${whole(65_536, 16_777_216)}, but is "1000"`],
  ["MAX_BUFFERED_BYTES", "1", `${whole(65_536, 1_073_741_824)}, but is "1"`],
  ["MAX_SOCKETS_PER_ADDRESS", "0", `${whole(1, 1_000_000)}, but is "0"`],
  ["MAX_SOCKETS_PER_USER", "0", `${whole(1, 1_000_000)}, but is "0"`],
  ["MAX_SUBSCRIPTIONS_PER_SOCKET", "many", `${whole(1, 100_000)}, but is "many"`],
  ["MAX_CALLS_PER_SOCKET", "0", `${whole(1, 100_000)}, but is "0"`],
  ["MAX_CALLS_PER_BATCH", "∞", `${whole(1, 100_000)}, but is "∞"`],
  ["DB_URL", "postgres://secret", `${cluster}; unset DB_URL`],
  ["REDIS_ADDR", "redis:6379", `${cluster}; unset REDIS_ADDR`],
  ["REDIS_PASSWORD", "secret", `${cluster}; unset REDIS_PASSWORD`],
  ["MONGO_URL", "mongodb://secret", `${cluster}; unset MONGO_URL`],
];

for (const [name, value, message] of wrong) {
  test(`readConfiguration() refuses ${name}=${JSON.stringify(value)}`, () => {
    expect(readConfiguration({ [name]: value })).toEqual({ ok: false, problems: [`${name}: ${message}`] });
  });
}

test("main.ts names every variable that is wrong, all at once, and exits with 2", async () => {
  await using program = run({ PORT: "abc", STORE: "disk", MONGO_URL: "mongodb://secret" });
  expect(await program.exited()).toBe(2);
  expect(program.stdout()).toBe("");
  expect(program.stderr()).toBe(
    [
      'PORT: must be a whole number from 0 to 65535, but is "abc"',
      'STORE: must be embedded or memory, but is "disk"',
      `MONGO_URL: ${cluster}; unset MONGO_URL`,
      "",
    ].join("\n"),
  );
});
