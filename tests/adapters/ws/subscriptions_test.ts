import { expect, test } from "bun:test";
import { initTRPC, TRPCError, tracked } from "@trpc/server";
import { type Observer, observable } from "@trpc/server/observable";
import { errorOf, RawClient, serve } from "./_harness.ts";

const t = initTRPC.create();
const { procedure } = t;
const any = procedure.input((value) => value);
const start = (id: number | string, path = "feed", more: object = {}) => ({
  id,
  method: "subscription",
  params: { path, ...more },
});

test("createWsHandler() streams a generator's items with the protocol's exact frames", async () => {
  await using served = serve({
    router: t.router({
      feed: procedure.subscription(async function* () {
        yield { n: 1 };
        yield tracked("1", { n: 2 });
      }),
    }),
  });
  const client = await RawClient.open(served.url);
  client.send(start(9));
  await client.received(4);
  expect(client.frames).toEqual([
    '{"id":9,"result":{"type":"started"}}',
    '{"id":9,"result":{"type":"data","data":{"n":1}}}',
    '{"id":9,"result":{"type":"data","data":{"id":"1","data":{"n":2}},"id":"1"}}',
    '{"id":9,"result":{"type":"stopped"}}',
  ]);
  expect(served.handler.counts().subscriptions).toBe(0);
});

test("createWsHandler() streams an observable's items until it completes, and unsubscribes when stopped", async () => {
  const observers: Observer<number, unknown>[] = [];
  let unsubscribed = 0;
  await using served = serve({
    router: t.router({
      feed: procedure.subscription(() =>
        observable<number>((observer) => {
          observers.push(observer);
          observer.next(0);
          return () => {
            unsubscribed++;
          };
        }),
      ),
    }),
  });
  const client = await RawClient.open(served.url);
  client.send(start(1));
  await client.received(2);
  observers[0]?.next(1);
  observers[0]?.complete();
  expect((await client.received(4)).slice(1)).toEqual([
    { id: 1, result: { type: "data", data: 0 } },
    { id: 1, result: { type: "data", data: 1 } },
    { id: 1, result: { type: "stopped" } },
  ]);
  client.send(start(2));
  await client.received(6);
  client.send({ id: 2, method: "subscription.stop" });
  expect((await client.received(7))[6]).toEqual({ id: 2, result: { type: "stopped" } });
  client.send(start(3));
  await client.received(9);
  observers[2]?.error(new TRPCError({ code: "CONFLICT", message: "twice" }));
  const last = (await client.received(11)).slice(9);
  expect(errorOf(last[0])).toEqual({ id: 3, code: "CONFLICT", message: "twice", path: "feed" });
  expect(last[1]).toEqual({ id: 3, result: { type: "stopped" } });
  expect(unsubscribed).toBe(3);
});

test("createWsHandler() merges lastEventId into an input that can hold it", async () => {
  await using served = serve({
    router: t.router({
      feed: any.subscription(async function* ({ input }) {
        yield input;
      }),
    }),
  });
  const client = await RawClient.open(served.url);
  const inputs: [input: unknown, merged: unknown][] = [
    [{ room: "a" }, { room: "a", lastEventId: "7" }],
    [{ lastEventId: "3" }, { lastEventId: "7" }],
    [undefined, { lastEventId: "7" }],
    [null, { lastEventId: "7" }],
    ["room", "room"],
    [[1], [1]],
  ];
  for (const [id, [input, merged]] of inputs.entries()) {
    client.send(start(id, "feed", { input, lastEventId: "7" }));
    const frames = await client.received(3 * (id + 1));
    expect(frames.at(-2)).toEqual({ id, result: { type: "data", data: merged } });
  }
});

test("createWsHandler() answers a subscription that fails at its start with the error, then stopped", async () => {
  await using served = serve({
    router: t.router({
      refused: procedure.subscription((): AsyncIterable<number> => {
        throw new TRPCError({ code: "FORBIDDEN", message: "Not yours" });
      }),
      lone: procedure.subscription((() => 1) as unknown as () => AsyncIterable<number>),
    }),
  });
  const client = await RawClient.open(served.url);
  for (const [id, path] of ["refused", "lone", "absent"].entries()) {
    client.send(start(id, path));
    await client.received(2 * (id + 1));
  }
  const frames = await client.settled();
  expect([frames[0], frames[2], frames[4]].map(errorOf)).toEqual([
    { id: 0, code: "FORBIDDEN", message: "Not yours", path: "refused" },
    {
      id: 1,
      code: "INTERNAL_SERVER_ERROR",
      message: "Subscription lone did not return an observable or a AsyncGenerator",
      path: "lone",
    },
    { id: 2, code: "NOT_FOUND", message: 'No "subscription"-procedure on path "absent"', path: "absent" },
  ]);
  expect([frames[1], frames[3], frames[5]]).toEqual([0, 1, 2].map((id) => ({ id, result: { type: "stopped" } })));
  expect(frames).toHaveLength(6);
});

test("createWsHandler() answers a subscription that fails midway with the error once it is cleaned up", async () => {
  let signalled: AbortSignal | undefined;
  const log: string[] = [];
  await using served = serve({
    router: t.router({
      feed: procedure.subscription(async function* ({ signal }) {
        signalled = signal;
        try {
          yield 1;
          throw new TRPCError({ code: "FORBIDDEN", message: "Kicked" });
        } finally {
          log.push("cleaned up");
        }
      }),
    }),
    onError: ({ error, path }) => log.push(`${error.message} ${path}`),
  });
  const client = await RawClient.open(served.url);
  client.send(start(1));
  const frames = (await client.received(4)).slice(1);
  expect(frames[0]).toEqual({ id: 1, result: { type: "data", data: 1 } });
  expect(errorOf(frames[1])).toEqual({ id: 1, code: "FORBIDDEN", message: "Kicked", path: "feed" });
  expect(frames[2]).toEqual({ id: 1, result: { type: "stopped" } });
  expect(log).toEqual(["cleaned up", "Kicked feed"]);
  expect(signalled?.aborted).toBe(true);
});

test("createWsHandler() ends a subscription whose item cannot be serialized, and cleans it up", async () => {
  let cleaned = false;
  await using served = serve({
    router: t.router({
      feed: procedure.subscription(async function* () {
        try {
          yield 1n;
          yield 2;
        } finally {
          cleaned = true;
        }
      }),
    }),
  });
  const client = await RawClient.open(served.url);
  client.send(start(1));
  const frames = await client.received(3);
  expect(errorOf(frames[1])).toMatchObject({ id: 1, code: "INTERNAL_SERVER_ERROR" });
  expect(frames[2]).toEqual({ id: 1, result: { type: "stopped" } });
  expect(cleaned).toBe(true);
});
