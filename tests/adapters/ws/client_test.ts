import { expect, test } from "bun:test";
import { createTRPCClient, createWSClient, TRPCClientError, wsLink } from "@trpc/client";
import { initTRPC, TRPCError, tracked } from "@trpc/server";
import { observable } from "@trpc/server/observable";
import type { CreateContextOptions, KeepAlive } from "../../../adapters/ws/mod.ts";
import { gate, type Served, serve, until } from "./_harness.ts";

const t = initTRPC.context<{ token: string | undefined }>().create();

/** A log that subscriptions read from its start, or from behind the last event that they saw. */
function chatRouter() {
  const log: string[] = [];
  const wakers = new Set<() => void>();
  const resumedFrom: (string | undefined)[] = [];
  const router = t.router({
    hello: t.procedure.input((value) => String(value)).query(({ input }) => `hello ${input}`),
    refuse: t.procedure.query(() => {
      throw new TRPCError({ code: "FORBIDDEN", message: "Not yours" });
    }),
    whoami: t.procedure.query(({ ctx }) => ctx.token ?? "nobody"),
    post: t.procedure
      .input((value) => String(value))
      .mutation(({ input }) => {
        log.push(input);
        for (const wake of wakers) wake();
        return log.length;
      }),
    feed: t.procedure
      .input((value) => (value ?? {}) as { lastEventId?: string })
      .subscription(async function* ({ input, signal }) {
        resumedFrom.push(input.lastEventId);
        for (let next = Number(input.lastEventId ?? 0); !signal?.aborted; ) {
          for (; next < log.length; next++) yield tracked(String(next + 1), log[next]);
          await new Promise<void>((resolve) => {
            wakers.add(resolve);
            signal?.addEventListener("abort", () => resolve());
          });
        }
      }),
    ticks: t.procedure.subscription(() =>
      observable<number>((observer) => {
        observer.next(1);
        observer.next(2);
        observer.complete();
      }),
    ),
    kicked: t.procedure.subscription(async function* () {
      yield 1;
      throw new TRPCError({ code: "FORBIDDEN", message: "Kicked" });
    }),
  });
  return { router, log, resumedFrom };
}
type Router = ReturnType<typeof chatRouter>["router"];

function serveChat(router: Router, keepAlive?: KeepAlive): Served {
  const createContext = ({ connectionParams }: CreateContextOptions) => {
    const { token } = connectionParams ?? {};
    return { token };
  };
  return serve({ router, createContext, ...(keepAlive && { keepAlive }) });
}

function connect(url: string, options: Partial<Parameters<typeof createWSClient>[0]> = {}) {
  const wsClient = createWSClient({ url, retryDelayMs: () => 0, ...options });
  return { wsClient, client: createTRPCClient<Router>({ links: [wsLink({ client: wsClient })] }) };
}

test("the stock client queries, mutates and gets typed errors, batched in one tick", async () => {
  const { router } = chatRouter();
  await using served = serveChat(router);
  const { client, wsClient } = connect(served.url);
  const [hello, count, refusal] = await Promise.all([
    client.hello.query("ann"),
    client.post.mutate("first"),
    client.refuse.query().catch((error) => error),
  ]);
  expect(hello).toBe("hello ann");
  expect(count).toBe(1);
  expect(refusal).toBeInstanceOf(TRPCClientError);
  expect(refusal.data).toMatchObject({ code: "FORBIDDEN", httpStatus: 403, path: "refuse" });
  await wsClient.close();
});

test("the stock client hands its connection params over", async () => {
  const { router } = chatRouter();
  await using served = serveChat(router);
  const { client, wsClient } = connect(served.url, { connectionParams: async () => ({ token: "secret" }) });
  expect(await client.whoami.query()).toBe("secret");
  await wsClient.close();
});

test("the stock client sees a subscription start, its items, its end and its errors", async () => {
  const { router } = chatRouter();
  await using served = serveChat(router);
  const { client, wsClient } = connect(served.url);
  const events: unknown[] = [];
  const completed = gate();
  client.ticks.subscribe(undefined, {
    onStarted: () => events.push("started"),
    onData: (value) => events.push(value),
    onComplete: () => completed.open(),
  });
  await completed.promise;
  expect(events).toEqual(["started", 1, 2]);
  const failed = gate<unknown>();
  client.kicked.subscribe(undefined, { onData: (value) => events.push(value), onError: failed.open });
  expect(await failed.promise).toMatchObject({ message: "Kicked", data: { code: "FORBIDDEN", path: "kicked" } });
  await wsClient.close();
});

test("the stock client resumes tracked events behind the last one when its socket is killed", async () => {
  const { router, resumedFrom, log } = chatRouter();
  await using served = serveChat(router);
  const { client, wsClient } = connect(served.url);
  const seen: string[] = [];
  const subscription = client.feed.subscribe({}, { onData: ({ id, data }) => seen.push(`${id} ${data}`) });
  log.push("a", "b");
  await client.post.mutate("c");
  await until(() => seen.length === 3, "three events");
  for (const text of ["d", "e", "f"]) {
    served.sockets.at(-1)?.terminate();
    log.push(text);
    await until(() => seen.at(-1)?.endsWith(text) ?? false, text);
  }
  expect(seen).toEqual(["1 a", "2 b", "3 c", "4 d", "5 e", "6 f"]);
  expect(resumedFrom).toEqual([undefined, "3", "4", "5"]);
  subscription.unsubscribe();
  await until(() => served.handler.counts().subscriptions === 0, "the end of the subscription");
  await wsClient.close();
});

test("the stock client moves to another socket when it is told to reconnect, and loses no event", async () => {
  const { router } = chatRouter();
  await using served = serveChat(router);
  const states: string[] = [];
  const { client, wsClient } = connect(served.url);
  const seen: string[] = [];
  client.feed.subscribe(
    {},
    { onData: ({ id }) => seen.push(id), onConnectionStateChange: ({ state }) => states.push(state) },
  );
  await client.post.mutate("first");
  await until(() => seen.length === 1, "the first event");
  const stateBefore = [...states];
  served.handler.broadcastReconnectNotification();
  await until(() => served.sockets.length === 2 && served.handler.counts().connections === 1, "the move");
  for (let count = 2; count <= 20; count++) await client.post.mutate("more");
  await until(() => seen.length === 20, "all events");
  expect(seen).toEqual(Array.from({ length: 20 }, (_, index) => String(index + 1)));
  expect(states).toEqual(stateBefore);
  await wsClient.close();
});

test("the stock client answers the server's keep-alive, and the server its", async () => {
  const { router } = chatRouter();
  await using served = serveChat(router, { enabled: true, pingMs: 20, pongWaitMs: 400 });
  let pongs = 0;
  let pings = 0;
  class Listening extends WebSocket {
    constructor(url: string) {
      super(url);
      this.addEventListener("message", ({ data }) => {
        if (data === "PONG") pongs++;
        if (data === "PING") pings++;
      });
    }
  }
  const { client, wsClient } = connect(served.url, {
    WebSocket: Listening as unknown as typeof WebSocket,
    keepAlive: { enabled: true, intervalMs: 30, pongTimeoutMs: 4_000 },
  });
  await until(() => pongs >= 1 && pings >= 1, "pings both ways");
  expect(await client.hello.query("ann")).toBe("hello ann");
  expect(served.sockets).toHaveLength(1);
  await wsClient.close();
});

test("the stock client comes back to the next server after close()", async () => {
  const { router, resumedFrom, log } = chatRouter();
  log.push("a");
  const first = serveChat(router);
  const { client, wsClient } = connect(first.url, { retryDelayMs: () => 5 });
  const seen: string[] = [];
  client.feed.subscribe({}, { onData: ({ id }) => seen.push(id) });
  await until(() => seen.length === 1, "the first event");
  const port = Number(first.server.port);
  await first.handler.close();
  await first.server.stop(true);
  log.push("b");
  await using second = serveChat(router);
  const relay = Bun.serve({
    port,
    fetch: (request, server) => {
      const data = second.handler.connect({ headers: request.headers, url: request.url });
      return server.upgrade(request, { data }) ? undefined : new Response(null, { status: 426 });
    },
    websocket: second.handler.websocket,
  });
  await until(() => seen.length === 2, "the second event");
  expect(seen).toEqual(["1", "2"]);
  expect(resumedFrom).toEqual([undefined, "1"]);
  await wsClient.close();
  await relay.stop(true);
});
