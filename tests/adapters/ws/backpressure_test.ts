import { expect, test } from "bun:test";
import { initTRPC } from "@trpc/server";
import { observable } from "@trpc/server/observable";
import { serve, until } from "./_harness.ts";
import { SlowReader } from "./_slow_reader.ts";

const t = initTRPC.create();
const ITEMS = 600;
const ITEM_BYTES = 64 * 1024;
const body = "x".repeat(ITEM_BYTES);
const start = { id: 1, method: "subscription", params: { path: "feed" } };

/** A feed of 38 MB, far more than the kernel takes for a peer that does not read, which counts what is asked of it. */
function countingFeed() {
  const feed = { produced: 0, cleaned: false, signal: undefined as AbortSignal | undefined };
  const router = t.router({
    feed: t.procedure.subscription(async function* ({ signal }) {
      feed.signal = signal;
      try {
        while (feed.produced < ITEMS) yield `${feed.produced++} ${body}`;
      } finally {
        feed.cleaned = true;
      }
    }),
  });
  return { feed, router };
}

/** Wait until `produced()` is above 0 and stays the same for a while. */
async function stalled(produced: () => number): Promise<void> {
  let last = 0;
  let rounds = 0;
  await until(() => {
    rounds = produced() === last && last > 0 ? rounds + 1 : 0;
    last = produced();
    return rounds >= 50;
  }, "a stall");
}

test("createWsHandler() makes a generator wait for a slow reader, holds one item for it and drops none", async () => {
  const { feed, router } = countingFeed();
  await using served = serve({ router });
  const reader = await SlowReader.open(Number(served.server.port));
  reader.send(start);
  await stalled(() => feed.produced);
  expect(feed.produced).toBeLessThan(ITEMS / 2);
  // What waits in the process: less than an item and the head of its frame.
  expect(served.sockets[0]?.getBufferedAmount()).toBeGreaterThan(0);
  expect(served.sockets[0]?.getBufferedAmount()).toBeLessThanOrEqual(ITEM_BYTES + 100);
  expect(reader.frames).toEqual([]);
  reader.read();
  await until(() => reader.frames.length === ITEMS + 2, "every frame");
  expect(reader.frames[0]).toBe('{"id":1,"result":{"type":"started"}}');
  expect(reader.frames.at(-1)).toBe('{"id":1,"result":{"type":"stopped"}}');
  const numbers = reader.frames.slice(1, -1).map((frame) => Number.parseInt(JSON.parse(frame).result.data, 10));
  expect(numbers).toEqual([...Array(ITEMS).keys()]);
  reader.kill();
});

test("createWsHandler() makes a generator of small items that never pauses wait as well", async () => {
  const items = 100_000;
  let produced = 0;
  await using served = serve({
    router: t.router({
      feed: t.procedure.subscription(async function* () {
        while (produced < items) yield `${produced++} ${"x".repeat(100)}`;
      }),
    }),
  });
  const reader = await SlowReader.open(Number(served.server.port));
  reader.send(start);
  await stalled(() => produced);
  expect(produced).toBeLessThan(items / 2);
  // What is written together, and the 100 KB or so that Bun gathers in its own callbacks before it admits to them.
  expect(served.sockets[0]?.getBufferedAmount()).toBeLessThanOrEqual(256 * 1024);
  reader.read();
  await until(() => reader.frames.length === items + 2, "every frame", 20_000);
  const numbers = reader.frames.slice(1, -1).map((frame) => Number.parseInt(JSON.parse(frame).result.data, 10));
  expect(numbers).toEqual([...Array(items).keys()]);
  reader.kill();
}, 30_000);

test("createWsHandler() ends a generator that waits for a slow reader, when it is stopped", async () => {
  const { feed, router } = countingFeed();
  await using served = serve({ router });
  const reader = await SlowReader.open(Number(served.server.port));
  reader.send(start);
  await stalled(() => feed.produced);
  reader.send({ id: 1, method: "subscription.stop" });
  await until(() => feed.cleaned, "the clean-up");
  expect(feed.signal?.aborted).toBe(true);
  const { produced } = feed;
  reader.read();
  await until(() => reader.frames.at(-1) === '{"id":1,"result":{"type":"stopped"}}', "stopped");
  expect(reader.frames).toHaveLength(produced + 2);
  reader.kill();
});

test("createWsHandler() ends a generator that waits for a slow reader, when its socket is gone", async () => {
  const { feed, router } = countingFeed();
  await using served = serve({ router });
  const reader = await SlowReader.open(Number(served.server.port));
  reader.send(start);
  await stalled(() => feed.produced);
  reader.kill();
  await until(() => feed.cleaned, "the clean-up");
  await until(() => served.handler.counts().subscriptions === 0, "the end of the subscription");
});

/** An observable cannot be made to wait: it pushes until it is told to stop. */
function pushingFeed() {
  const feed = { pushed: 0, stopped: false };
  const router = t.router({
    feed: t.procedure.subscription(() =>
      observable<string>((observer) => {
        const timer = setInterval(() => {
          feed.pushed++;
          observer.next(body);
        }, 0);
        return () => {
          feed.stopped = true;
          clearInterval(timer);
        };
      }),
    ),
  });
  return { feed, router };
}

test("limits.bufferedBytes closes the socket of a reader that an observable runs away from", async () => {
  const { feed, router } = pushingFeed();
  await using served = serve({ router, limits: { bufferedBytes: 1024 * 1024 } });
  const reader = await SlowReader.open(Number(served.server.port));
  reader.send(start);
  await until(() => feed.stopped, "the end of the socket");
  expect(served.handler.counts()).toMatchObject({ connections: 0 });
  reader.read();
  await until(() => reader.isClosed, "the end of the connection");
});

test("createWsHandler() closes a socket rather than lose a frame where Bun would only drop it", async () => {
  const { feed, router } = pushingFeed();
  await using served = serve({ router, limits: { bufferedBytes: 1024 * 1024 } }, { closeOnBackpressureLimit: false });
  const reader = await SlowReader.open(Number(served.server.port));
  reader.send(start);
  await until(() => feed.stopped, "the end of the socket");
  reader.read();
  await until(() => reader.isClosed, "the end of the connection");
});
