import { expect, test } from "bun:test";
import { initTRPC } from "@trpc/server";
import { errorOf, gate, RawClient, serve, until } from "./_harness.ts";

const t = initTRPC.create();
function holding(release: Promise<string>) {
  let cleaned = false;
  const signals: (AbortSignal | undefined)[] = [];
  const router = t.router({
    ask: t.procedure.query(({ signal }) => {
      signals.push(signal);
      return release;
    }),
    post: t.procedure.mutation(() => release),
    feed: t.procedure.subscription(async function* ({ signal }) {
      try {
        yield 1;
        await new Promise((resolve) => signal?.addEventListener("abort", resolve));
      } finally {
        cleaned = true;
      }
    }),
  });
  return { router, signals, isCleaned: () => cleaned };
}
const call = (id: number, method: string, path: string) => ({ id, method, params: { path } });
const restart = { code: 1012, reason: "Service restart" };

test("keepAlive pings a quiet socket and ends it when it stays quiet", async () => {
  const { router } = holding(Promise.resolve("done"));
  await using served = serve({ router, keepAlive: { enabled: true, pingMs: 20, pongWaitMs: 20 } });
  const client = await RawClient.open(served.url);
  expect((await client.closed).code).toBe(1006);
  expect(client.frames).toEqual(["PING"]);
  expect(served.handler.counts().connections).toBe(0);
});

test("keepAlive goes on with a socket that answers", async () => {
  const { router } = holding(Promise.resolve("done"));
  await using served = serve({ router, keepAlive: { enabled: true, pingMs: 20, pongWaitMs: 400 } });
  const client = await RawClient.open(served.url);
  for (let pings = 1; pings <= 3; pings++) {
    await client.received(pings);
    client.send("PONG");
  }
  client.send(call(1, "query", "ask"));
  expect((await client.received(4))[3]).toEqual({ id: 1, result: { type: "data", data: "done" } });
});

test("keepAlive gives nobody up for a stall of the event loop", async () => {
  const { router } = holding(Promise.resolve("done"));
  await using served = serve({ router, keepAlive: { enabled: true, pingMs: 50, pongWaitMs: 100 } });
  const client = new Worker(new URL("./_answering_client.ts", import.meta.url).href);
  client.postMessage(served.url);
  await until(() => served.handler.counts().connections === 1, "the socket");
  for (let stalls = 0; stalls < 3; stalls++) {
    Bun.sleepSync(400);
    await Bun.sleep(1);
  }
  expect(served.handler.counts().connections).toBe(1);
  client.terminate();
});

test("broadcastReconnectNotification() sends the protocol's exact frame to every socket", async () => {
  const { router } = holding(Promise.resolve("done"));
  await using served = serve({ router });
  const clients = await Promise.all([1, 2, 3].map(() => RawClient.open(served.url)));
  await Promise.all(clients.map((client) => client.settled()));
  served.handler.broadcastReconnectNotification();
  for (const client of clients) {
    await client.received(2);
    expect(client.frames).toEqual(["PONG", '{"id":null,"method":"reconnect"}']);
  }
});

test("close() closes idle sockets at once and ends their subscriptions, with no stopped frame", async () => {
  const { router, isCleaned } = holding(Promise.resolve("done"));
  await using served = serve({ router });
  const client = await RawClient.open(served.url);
  client.send(call(1, "subscription", "feed"));
  await client.received(2);
  expect(await served.handler.close()).toEqual({ connections: 0, calls: 0, subscriptions: 0 });
  expect(isCleaned()).toBe(true);
  expect(await client.closed).toEqual(restart);
  expect(client.frames).toHaveLength(2);
});

test("close() answers the calls in flight and refuses new ones, then closes their sockets", async () => {
  const release = gate<string>();
  const { router } = holding(release.promise);
  await using served = serve({ router });
  const client = await RawClient.open(served.url);
  client.send([call(1, "query", "ask"), call(2, "mutation", "post")]);
  await client.settled();
  const closing = served.handler.close({ code: 4001, reason: "moved" });
  client.send(call(3, "query", "ask"));
  client.send(call(4, "subscription", "feed"));
  const refused = { code: "SERVICE_UNAVAILABLE", message: "The server is stopping" };
  expect((await client.settled()).map(errorOf)).toEqual([
    { id: 3, ...refused, path: "ask" },
    { id: 4, ...refused, path: "feed" },
  ]);
  release.open("done");
  expect(await closing).toEqual({ connections: 0, calls: 0, subscriptions: 0 });
  expect(await client.closed).toEqual({ code: 4001, reason: "moved" });
  expect(client.frames.slice(-2)).toEqual([
    '{"id":1,"result":{"type":"data","data":"done"}}',
    '{"id":2,"result":{"type":"data","data":"done"}}',
  ]);
});

test("close() waits for the mutations of sockets that are gone", async () => {
  const release = gate<string>();
  const { router } = holding(release.promise);
  await using served = serve({ router });
  const client = await RawClient.open(served.url);
  client.send(call(1, "mutation", "post"));
  await client.settled();
  client.kill();
  await until(() => served.handler.counts().connections === 0, "the end of the socket");
  let closed = false;
  const closing = served.handler.close().then((left) => {
    closed = true;
    return left;
  });
  await until(() => served.handler.counts().calls === 1);
  expect(closed).toBe(false);
  release.open("done");
  expect(await closing).toEqual({ connections: 0, calls: 0, subscriptions: 0 });
});

test("close() closes what is left when its time is up, and says what has not ended", async () => {
  const release = gate<string>();
  const { router, signals } = holding(release.promise);
  await using served = serve({ router });
  const client = await RawClient.open(served.url);
  client.send([call(1, "query", "ask"), call(2, "mutation", "post")]);
  await client.settled();
  expect(await served.handler.close({ withinMs: 10 })).toEqual({ connections: 0, calls: 2, subscriptions: 0 });
  expect(await client.closed).toEqual(restart);
  expect(signals[0]?.aborted).toBe(true);
  release.open("done");
  await until(() => served.handler.counts().calls === 0, "the end of the calls");
});

test("close() closes sockets that open later", async () => {
  const { router } = holding(Promise.resolve("done"));
  await using served = serve({ router });
  await served.handler.close();
  expect(await new RawClient(served.url).closed).toEqual(restart);
  expect(served.handler.counts().connections).toBe(0);
});
