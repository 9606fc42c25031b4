import { expect, test } from "bun:test";
import { initTRPC } from "@trpc/server";
import { observable } from "@trpc/server/observable";
import type { ErrorInfo } from "../../../adapters/ws/mod.ts";
import { errorOf, gate, RawClient, serve, until } from "./_harness.ts";

const t = initTRPC.create();
const { procedure } = t;
const start = (id: number | string, path = "feed") => ({ id, method: "subscription", params: { path } });
const stop = (id: number | string) => ({ id, method: "subscription.stop" });

/** What a held subscription tells a test of itself. */
function probe() {
  return { signal: gate<AbortSignal>(), release: gate() };
}

/** A feed that yields one item and then waits for its signal, or until the test releases it. */
async function* held(signal: AbortSignal | undefined, { signal: began, release }: ReturnType<typeof probe>) {
  if (!signal) throw new Error("No signal");
  began.open(signal);
  yield "first";
  await Promise.race([release.promise, new Promise((resolve) => signal.addEventListener("abort", resolve))]);
}

test("subscription.stop aborts the signal, waits for the clean-up and then answers stopped", async () => {
  const held_ = probe();
  const cleanUp = gate();
  await using served = serve({
    router: t.router({
      feed: procedure.subscription(async function* ({ signal }) {
        try {
          yield* held(signal, held_);
        } finally {
          await cleanUp.promise;
        }
      }),
    }),
  });
  const client = await RawClient.open(served.url);
  client.send(start(1));
  await client.received(2);
  client.send(stop(1));
  expect(await client.settled()).toHaveLength(2);
  expect((await held_.signal.promise).aborted).toBe(true);
  client.send(start(1));
  const frames = await client.settled();
  expect(errorOf(frames[2])).toEqual({ id: 1, code: "BAD_REQUEST", message: "Duplicate id 1", path: "feed" });
  cleanUp.open();
  await until(() => served.handler.counts().subscriptions === 0, "the end of the subscription");
  expect((await client.settled())[3]).toEqual({ id: 1, result: { type: "stopped" } });
  client.send(start(1));
  await until(() => client.frames.at(-1) === '{"id":1,"result":{"type":"data","data":"first"}}', "the id's second use");
});

test("subscription.stop before the context stands never calls the procedure", async () => {
  const context = gate<object>();
  let called = false;
  await using served = serve({
    router: t.router({
      feed: procedure.subscription(() => {
        called = true;
        return observable<number>(() => {});
      }),
    }),
    createContext: () => context.promise,
  });
  const client = await RawClient.open(served.url);
  client.send(start(1));
  client.send(stop(1));
  await client.settled();
  context.open({});
  expect((await client.received(2))[1]).toEqual({ id: 1, result: { type: "stopped" } });
  expect(called).toBe(false);
});

test("subscription.stop while the procedure is called disposes of what it answers, with no started", async () => {
  const called = gate<AbortSignal | undefined>();
  const proceed = gate();
  let subscribed = false;
  const errors: ErrorInfo[] = [];
  const disposed: string[] = [];
  const source = (name: string): AsyncIterable<number> => ({
    [Symbol.asyncIterator]: () => ({
      next: async () => ({ value: 1, done: false }),
      return: async () => {
        disposed.push(name);
        return { value: undefined, done: true };
      },
    }),
  });
  await using served = serve({
    router: t.router({
      iterable: procedure.subscription(async ({ signal }) => {
        called.open(signal);
        await proceed.promise;
        return source("iterable");
      }),
      observable: procedure.subscription(async () => {
        await proceed.promise;
        return observable<number>(() => {
          subscribed = true;
        });
      }),
      rejects: procedure.subscription(async ({ signal }): Promise<AsyncIterable<number>> => {
        await proceed.promise;
        throw signal?.reason;
      }),
    }),
    onError: (info) => errors.push(info),
  });
  const client = await RawClient.open(served.url);
  const paths = ["iterable", "observable", "rejects"];
  for (const [id, path] of paths.entries()) client.send(start(id, path));
  const signal = await called.promise;
  for (const id of paths.keys()) client.send(stop(id));
  expect(await client.settled()).toEqual([]);
  expect(signal?.aborted).toBe(true);
  proceed.open();
  await until(() => served.handler.counts().subscriptions === 0, "the end of the subscriptions");
  const frames = await client.settled();
  expect(frames).toHaveLength(3);
  for (const id of paths.keys()) expect(frames).toContainEqual({ id, result: { type: "stopped" } });
  expect(disposed).toEqual(["iterable"]);
  expect(subscribed).toBe(false);
  expect(errors).toEqual([]);
});

test("subscription.stop of an id that does not run is ignored", async () => {
  await using served = serve({ router: t.router({ feed: procedure.subscription(async function* () {}) }) });
  const client = await RawClient.open(served.url);
  client.send(stop(1));
  client.send(start(2));
  await client.received(2);
  client.send(stop(2));
  expect(await client.settled()).toHaveLength(2);
});

test("createWsHandler() refuses the id of a running subscription and leaves that one be", async () => {
  const first = probe();
  await using served = serve({
    router: t.router({ feed: procedure.subscription(({ signal }) => held(signal, first)) }),
  });
  const client = await RawClient.open(served.url);
  client.send(start("x"));
  await client.received(2);
  client.send(start("x"));
  const frames = await client.received(3);
  expect(errorOf(frames[2])).toEqual({ id: "x", code: "BAD_REQUEST", message: "Duplicate id x", path: "feed" });
  first.release.open();
  expect((await client.received(4))[3]).toEqual({ id: "x", result: { type: "stopped" } });
});

test("createWsHandler() tells onError of a clean-up that fails, and the client only stopped", async () => {
  const errors: string[] = [];
  const failing = (): AsyncIterable<number> => ({
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => {}),
      return: () => Promise.reject(new Error("unclean")),
    }),
  });
  await using served = serve({
    router: t.router({ feed: procedure.subscription(failing) }),
    onError: ({ error }) => errors.push(error.message),
  });
  const client = await RawClient.open(served.url);
  client.send(start(1));
  await client.received(1);
  client.send(stop(1));
  expect(await client.received(2)).toEqual([
    { id: 1, result: { type: "started" } },
    { id: 1, result: { type: "stopped" } },
  ]);
  expect(errors).toEqual(["unclean"]);
});

test("createWsHandler() tells onError of an error after the stop, but not of an AbortError", async () => {
  const errors: string[] = [];
  const onAbort = (signal: AbortSignal | undefined, makeError: () => unknown): AsyncIterable<number> => ({
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(makeError()))),
    }),
  });
  await using served = serve({
    router: t.router({
      fault: procedure.subscription(({ signal }) => onAbort(signal, () => new Error("late"))),
      abort: procedure.subscription(({ signal }) => onAbort(signal, () => signal?.reason)),
    }),
    onError: ({ error }) => errors.push(error.message),
  });
  const client = await RawClient.open(served.url);
  client.send(start(1, "fault"));
  client.send(start(2, "abort"));
  await client.received(2);
  client.send(stop(1));
  client.send(stop(2));
  const frames = await client.received(4);
  for (const id of [1, 2]) expect(frames.slice(2)).toContainEqual({ id, result: { type: "stopped" } });
  expect(errors).toEqual(["late"]);
});

test("createWsHandler() ends all subscriptions of a socket that is gone", async () => {
  const signals: AbortSignal[] = [];
  let cleaned = 0;
  const errors: ErrorInfo[] = [];
  await using served = serve({
    router: t.router({
      feed: procedure.subscription(async function* ({ signal }) {
        if (signal) signals.push(signal);
        try {
          yield 1;
          await new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
        } finally {
          cleaned++;
        }
      }),
    }),
    onError: (info) => errors.push(info),
  });
  const client = await RawClient.open(served.url);
  client.send([start(1), start(2), start(3)]);
  await client.received(6);
  expect(served.handler.counts()).toEqual({ connections: 1, calls: 0, subscriptions: 3 });
  client.kill();
  await until(() => served.handler.counts().subscriptions === 0, "the end of the subscriptions");
  expect(served.handler.counts()).toEqual({ connections: 0, calls: 0, subscriptions: 0 });
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true]);
  expect(cleaned).toBe(3);
  expect(errors).toEqual([]);
});

test("createWsHandler() leaves nothing of a subscription that begins while its socket goes", async () => {
  const called = gate();
  const proceed = gate();
  let items = 0;
  await using served = serve({
    router: t.router({
      feed: procedure.subscription(async () => {
        called.open();
        await proceed.promise;
        return (async function* () {
          items++;
          yield items;
        })();
      }),
    }),
  });
  const client = await RawClient.open(served.url);
  client.send(start(1));
  await called.promise;
  client.kill();
  await until(() => served.handler.counts().connections === 0, "the end of the socket");
  proceed.open();
  await until(() => served.handler.counts().subscriptions === 0, "the end of the subscription");
  expect(items).toBe(0);
});
