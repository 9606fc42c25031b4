import { expect, test } from "bun:test";
import { initTRPC, TRPCError } from "@trpc/server";
import { createHttpApp, type HttpAppOptions } from "../../../adapters/http/mod.ts";
import { until } from "../ws/_harness.ts";

const t = initTRPC.create({ sse: { ping: { enabled: false } } });
let seen: AbortSignal | undefined;
const router = t.router({
  hello: t.procedure.query(() => "hello"),
  greet: t.procedure.mutation(() => "greeted"),
  ticks: t.procedure.subscription(async function* ({ signal }) {
    seen = signal;
    for (let n = 0; !signal?.aborted; n++) {
      yield n;
      await Bun.sleep(1);
    }
  }),
});
type Options = HttpAppOptions<typeof router>;

function listen(options: Partial<Options> = {}) {
  const errors: string[] = [];
  const app = createHttpApp<typeof router>({
    router,
    createContext: async () => ({}),
    refusal: ({ code }) => new TRPCError({ code: "FORBIDDEN", message: code }),
    onError: (error) => errors.push(error.message),
    upgrade: () => false,
    socketOptions: {
      maxPayloadLength: 1_000,
      backpressureLimit: 1_000,
      closeOnBackpressureLimit: true,
      idleTimeout: 120,
      sendPings: true,
    },
    admit: () => () => {},
    connectionsPerAddress: 1,
    origins: [],
    publicUrl: null,
    proxyHops: 0,
    bodyBytes: 1_000,
    callsPerBatch: 10,
    parts: {},
    ...options,
  });
  const { url, port } = app.listen({ port: 0, hostname: "127.0.0.1" });
  return { app, url, port, errors, [Symbol.asyncDispose]: () => app.stop() };
}

test("createHttpApp() serves one page with nothing of elsewhere, and a policy that lets nothing in", async () => {
  await using served = listen();
  const response = await fetch(served.url);
  const html = await response.text();
  expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(response.headers.get("content-security-policy")).toMatch(
    /^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
  );
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  expect(html).toContain(`${served.url}/trpc`);
  expect(html).not.toMatch(/<script|<img|<link|src=|@import|\son\w+=/);
});

test("createHttpApp() shows the public address on its page, and escapes what a client says it is", async () => {
  await using served = listen({ publicUrl: "https://chat.example.com" });
  expect(await (await fetch(served.url)).text()).toContain("wss://chat.example.com/trpc");
  await using own = listen();
  const html = await (await fetch(own.url, { headers: { host: `a"><script>alert(1)</script>` } }))
    .text()
    .catch(() => "");
  expect(html).not.toContain("<script>");
});

test("createHttpApp() answers what leads nowhere with 404 and with what there is", async () => {
  await using served = listen();
  for (const [method, path] of [
    ["GET", "/nope"],
    ["POST", "/"],
    ["DELETE", "/healthz"],
    ["GET", "/trpcx"],
  ] as const) {
    const response = await fetch(`${served.url}${path}`, { method });
    expect([method, path, response.status]).toEqual([method, path, 404]);
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(await response.json()).toMatchObject({
      error: `Nothing is at ${path}`,
      places: { "/readyz": expect.anything() },
    });
  }
});

test("createHttpApp() answers under a host name of one letter", async () => {
  await using served = listen();
  const response = await fetch(`${served.url}/trpc/hello`, { headers: { host: "a" } });
  expect(await response.json()).toEqual({ result: { data: "hello" } });
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
});

test("createHttpApp() tells of each part whether it works, and is ready if all do", async () => {
  let works = true;
  const parts = {
    store: async () => {
      if (!works) throw new Error("secret");
    },
    cache: async () => {},
  };
  await using served = listen({ parts });
  const ask = async () => {
    const response = await fetch(`${served.url}/readyz`);
    return [response.status, await response.json()];
  };
  expect(await ask()).toEqual([200, { status: "ready", parts: { server: "ok", store: "ok", cache: "ok" } }]);
  works = false;
  expect(await ask()).toEqual([503, { status: "not ready", parts: { server: "ok", store: "failed", cache: "ok" } }]);
  expect(await (await fetch(`${served.url}/healthz`)).json()).toEqual({ status: "alive" });
});

test("createHttpApp() says that a WebSocket is expected where one is", async () => {
  await using served = listen();
  for (const headers of [{}, { upgrade: "websocket" }]) {
    const response = await fetch(`${served.url}/trpc`, { headers });
    expect(response.status).toBe(426);
    expect(response.headers.get("upgrade")).toBe("websocket");
  }
});

test("createHttpApp() stops a subscription whose reader has gone, and lets its place go", async () => {
  let held = 0;
  const admit = () => {
    held++;
    return () => void held--;
  };
  await using served = listen({ admit });
  const leaving = new AbortController();
  const response = await fetch(`${served.url}/trpc/ticks`, { signal: leaving.signal });
  await response.body?.getReader().read();
  expect([held, seen?.aborted]).toEqual([1, false]);
  leaving.abort();
  await until(() => held === 0 && seen?.aborted === true, "the end of the subscription");
  expect(served.errors).toEqual([]);
});

test("HttpApp.listen() refuses a port that is in use", async () => {
  await using served = listen();
  const other = createHttpApp<typeof router>({ ...({} as Options), parts: {} });
  expect(() => other.listen({ port: served.port, hostname: "127.0.0.1" })).toThrow(
    expect.objectContaining({ code: "EADDRINUSE" }),
  );
});

/** Send bytes as they are; answers what comes back until the server or `end` closes the connection. */
async function sent(port: number, bytes: string, end = false): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let received = "";
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: {
      data(_, chunk) {
        received += chunk.toString();
        if (!end) resolve();
      },
      close: () => resolve(),
    },
  });
  socket.write(bytes);
  socket.flush();
  if (end) socket.end();
  await promise;
  socket.end();
  return received;
}

test("createHttpApp() refuses a Host that makes no address, at every path", async () => {
  await using served = listen();
  for (const path of ["/", "/trpc", "/trpc/hello", "/nowhere"]) {
    for (const host of ["", "[", "a b", "u:p@h:x"]) {
      expect(await sent(served.port, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)).toStartWith("HTTP/1.1 400");
    }
  }
  expect(served.errors).toEqual([]);
});

test("createHttpApp() takes a body that ends early for its sender's doing", async () => {
  await using served = listen();
  const head = "POST /trpc/greet HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100";
  await sent(served.port, `${head}\r\n\r\n{"half"`, true);
  await until(() => served.errors.length > 0);
  expect(served.errors).toEqual(["The body ended early"]);
});
