import { expect, test } from "bun:test";
import { initTRPC } from "@trpc/server";
import { errorOf, RawClient, serve } from "./_harness.ts";

const t = initTRPC.create();
const router = t.router({ hello: t.procedure.query(() => "hello") });
const hello = { id: 9, method: "query", params: { path: "hello" } };

const unreadable: [what: string, frame: string | object | Uint8Array<ArrayBuffer>, message: unknown][] = [
  ["malformed JSON", "{", expect.stringContaining("JSON")],
  ["an empty text", "", expect.stringContaining("JSON")],
  ["a lone value", "3", "Not an object"],
  ["null", "null", "Not an object"],
  ["a message with no id", { method: "query", params: { path: "hello" } }, "Invalid request id"],
  ["an id of another kind", { id: {}, method: "query", params: { path: "hello" } }, "Invalid request id"],
  ["an unknown method", { id: 1, method: "rando", params: { path: "hello" } }, "Invalid procedure type"],
  ["no method", { id: 1, params: { path: "hello" } }, "Invalid procedure type"],
  ["no params", { id: 1, method: "query" }, "Not an object"],
  ["a path of another kind", { id: 1, method: "query", params: { path: 1 } }, "Invalid string"],
  [
    "lastEventId of another kind",
    { id: 1, method: "query", params: { path: "hello", lastEventId: 1 } },
    "Invalid string",
  ],
  ["another jsonrpc", { id: 1, jsonrpc: "1.0", method: "query", params: { path: "hello" } }, "Must be JSONRPC 2.0"],
  ["a batch with a misshapen part", [hello, {}], "Invalid request id"],
  ["a binary frame", new TextEncoder().encode(JSON.stringify(hello)), "Expected a text frame, got a binary one"],
];

for (const [what, frame, message] of unreadable) {
  test(`createWsHandler() answers ${what} with PARSE_ERROR, runs none of it and goes on`, async () => {
    await using served = serve({ router });
    const client = await RawClient.open(served.url);
    client.send(frame);
    client.send(hello);
    const [error, answer, ...rest] = await client.received(2);
    expect(errorOf(error)).toEqual({ id: null, code: "PARSE_ERROR", message: message as string });
    expect(answer).toEqual({ id: 9, result: { type: "data", data: "hello" } });
    expect(rest).toEqual([]);
    expect(await client.settled()).toHaveLength(2);
  });
}

test("createWsHandler() refuses a call with a null id", async () => {
  await using served = serve({ router });
  const client = await RawClient.open(served.url);
  client.send({ ...hello, id: null });
  expect((await client.settled()).map(errorOf)).toEqual([
    { id: null, code: "PARSE_ERROR", message: "`id` is required" },
  ]);
});

test("createWsHandler() answers an empty batch with nothing", async () => {
  await using served = serve({ router });
  const client = await RawClient.open(served.url);
  client.send([]);
  expect(await client.settled()).toEqual([]);
});

test("createWsHandler() answers PING with PONG and ignores PONG", async () => {
  await using served = serve({ router });
  const client = await RawClient.open(served.url);
  client.send("PONG");
  client.send("PING");
  expect(await client.received(1)).toEqual(["PONG"]);
});

test("allowBatching: false refuses each call of a batch, and takes lone calls", async () => {
  await using served = serve({ router, allowBatching: false });
  const client = await RawClient.open(served.url);
  client.send([hello, { ...hello, id: "b", jsonrpc: "2.0" }, { id: 3, method: "subscription.stop" }]);
  client.send([{}]);
  client.send(hello);
  const frames = await client.received(4);
  const refused = { code: "BAD_REQUEST", message: "Batching is not enabled on the server" };
  expect(frames.slice(0, 3).map(errorOf)).toEqual([
    { id: 9, ...refused },
    { id: "b", ...refused },
    { id: null, ...refused },
  ]);
  expect(frames[1]).toMatchObject({ jsonrpc: "2.0" });
  expect(frames[3]).toEqual({ id: 9, result: { type: "data", data: "hello" } });
});

test("limits.frameBytes closes a socket that sends a larger frame, with code 1009 for the client", async () => {
  await using served = serve({ router, limits: { frameBytes: 1_000 } });
  const fits = await RawClient.open(served.url);
  fits.send(JSON.stringify(hello).padEnd(1_000));
  expect(await fits.received(1)).toEqual([{ id: 9, result: { type: "data", data: "hello" } }]);
  const tooLarge = await RawClient.open(served.url);
  tooLarge.send(JSON.stringify(hello).padEnd(1_001));
  expect(await tooLarge.closed).toEqual({ code: 1009, reason: "Received too big message" });
  expect(tooLarge.frames).toEqual([]);
});
