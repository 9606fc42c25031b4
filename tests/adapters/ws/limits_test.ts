import { expect, test } from "bun:test";
import { initTRPC, TRPCError } from "@trpc/server";
import { createWsHandler, defaultLimits, type LimitExceeded } from "../../../adapters/ws/mod.ts";
import { errorOf, gate, RawClient, serve, until } from "./_harness.ts";

const t = initTRPC.create();
const held = (release: Promise<void>) =>
  t.router({
    ask: t.procedure.query(() => release),
    post: t.procedure.mutation(() => release),
    feed: t.procedure.subscription(async function* ({ signal }) {
      yield 1;
      await new Promise((resolve) => signal?.addEventListener("abort", resolve));
    }),
  });
const call = (id: number, method: string, path: string) => ({ id, method, params: { path } });
const busy = (id: number, path: string, what: string) => ({
  id,
  code: "TOO_MANY_REQUESTS",
  message: `Too many ${what}`,
  path,
});

test("limits.callsInFlight refuses queries and mutations beyond it until one is answered", async () => {
  const release = gate();
  await using served = serve({ router: held(release.promise), limits: { callsInFlight: 2 } });
  const client = await RawClient.open(served.url);
  client.send(call(1, "query", "ask"));
  client.send(call(2, "mutation", "post"));
  client.send(call(3, "query", "ask"));
  client.send(call(4, "mutation", "post"));
  client.send(call(5, "subscription", "feed"));
  const what = "calls in flight on this socket: at most 2";
  const frames = await client.received(4);
  expect(frames.slice(0, 2).map(errorOf)).toEqual([busy(3, "ask", what), busy(4, "post", what)]);
  expect(frames[2]).toEqual({ id: 5, result: { type: "started" } });
  const other = await RawClient.open(served.url);
  other.send(call(1, "query", "ask"));
  expect(await other.settled()).toEqual([]);
  release.open();
  await client.received(6);
  client.send(call(6, "query", "ask"));
  expect((await client.received(7))[6]).toEqual({ id: 6, result: { type: "data" } });
});

test("limits.subscriptions refuses subscriptions beyond it until one has ended", async () => {
  await using served = serve({ router: held(Promise.resolve()), limits: { subscriptions: 2 } });
  const client = await RawClient.open(served.url);
  client.send([1, 2, 3].map((id) => call(id, "subscription", "feed")));
  client.send(call(4, "query", "ask"));
  const frames = await client.received(6);
  expect(frames.filter((frame) => JSON.stringify(frame).includes("error")).map(errorOf)).toEqual([
    busy(3, "feed", "subscriptions on this socket: at most 2"),
  ]);
  client.send({ id: 1, method: "subscription.stop" });
  await until(() => client.frames.at(-1) === '{"id":1,"result":{"type":"stopped"}}', "stopped");
  client.send(call(3, "subscription", "feed"));
  await until(() => client.frames.at(-1) === '{"id":3,"result":{"type":"data","data":1}}', "the third subscription");
});

test("limits.callsPerBatch refuses the calls of a frame beyond it, subscriptions not counted", async () => {
  await using served = serve({ router: held(Promise.resolve()), limits: { callsPerBatch: 2 } });
  const client = await RawClient.open(served.url);
  client.send([
    ...[1, 2, 3].map((id) => call(id, "subscription", "feed")),
    ...[4, 5].map((id) => call(id, "query", "ask")),
    ...[6, 7].map((id) => call(id, "mutation", "post")),
  ]);
  const frames = await client.received(10);
  const refused = frames.filter((frame) => JSON.stringify(frame).includes("error"));
  const { path: _path, ...refusal } = busy(6, "", "calls in one batch: at most 2");
  expect(refused.map(errorOf)).toEqual([refusal, { ...refusal, id: 7 }]);
  expect(frames).toContainEqual({ id: 5, result: { type: "data" } });
});

test("makeLimitError() attaches a cause that the errorFormatter turns into typed data", async () => {
  class TooMuch extends Error {
    readonly exceeded: LimitExceeded;
    constructor(exceeded: LimitExceeded) {
      super("too much");
      this.exceeded = exceeded;
    }
  }
  const typed = initTRPC.create({
    errorFormatter: ({ shape, error }) => ({
      ...shape,
      data: { ...shape.data, exceeded: error.cause instanceof TooMuch ? error.cause.exceeded : null },
    }),
  });
  const errors: string[] = [];
  await using served = serve({
    router: typed.router({ ask: typed.procedure.query(() => new Promise(() => {})) }),
    limits: { callsInFlight: 1 },
    makeLimitError: (exceeded) => new TRPCError({ code: "TOO_MANY_REQUESTS", cause: new TooMuch(exceeded) }),
    onError: ({ error }) => errors.push(error.message),
  });
  const client = await RawClient.open(served.url);
  client.send([call(1, "query", "ask"), call(2, "query", "ask")]);
  expect(await client.received(1)).toMatchObject([
    { id: 2, error: { message: "too much", data: { exceeded: { limit: "callsInFlight", max: 1 } } } },
  ]);
  expect(errors).toEqual(["too much"]);
});

test("makeLimitError() that throws still refuses the call", async () => {
  await using served = serve({
    router: held(Promise.resolve()),
    limits: { callsPerBatch: 1 },
    makeLimitError: () => {
      throw new Error("broken hook");
    },
  });
  const client = await RawClient.open(served.url);
  client.send([call(1, "query", "ask"), call(2, "query", "ask")]);
  const frames = await client.received(2);
  expect(frames.find((frame) => JSON.stringify(frame).includes("broken hook"))).toMatchObject({ id: 2 });
  expect(frames).toContainEqual({ id: 1, result: { type: "data" } });
});

test("createWsHandler() hands its limits over to Bun", () => {
  const { socketOptions } = createWsHandler({ router: t.router({}), limits: { frameBytes: 1_000 } });
  expect(socketOptions).toEqual({
    maxPayloadLength: 1_000,
    backpressureLimit: defaultLimits.bufferedBytes,
    closeOnBackpressureLimit: true,
    idleTimeout: 120,
    sendPings: true,
  });
});

test("createWsHandler() refuses limits and times out of their range", () => {
  const router = t.router({});
  for (const value of [0, -1, 1.5, Number.NaN, 2 ** 32]) {
    expect(() => createWsHandler({ router, limits: { subscriptions: value } })).toThrow(
      new RangeError(`limits.subscriptions must be a whole number from 1 to 4294967295, not ${value}`),
    );
  }
  expect(() => createWsHandler({ router, keepAlive: { enabled: true, pingMs: 0 } })).toThrow(RangeError);
  expect(() => createWsHandler({ router, keepAlive: { enabled: true, pongWaitMs: 1 } })).toThrow(RangeError);
  expect(() => createWsHandler({ router, connectionParamsTimeoutMs: 0 })).toThrow(RangeError);
  expect(() => createWsHandler({ router, idleTimeoutSeconds: 961 })).toThrow(RangeError);
});
