import { expect, test } from "bun:test";
import { initTRPC, TRPCError } from "@trpc/server";
import { createWsHandler, type ErrorInfo } from "../../../adapters/ws/mod.ts";
import { errorOf, RawClient, serve } from "./_harness.ts";

const t = initTRPC.create();
const { procedure } = t;

const router = t.router({
  hello: procedure.query(() => "hello"),
  nothing: procedure.query(() => undefined),
  echo: procedure.input((value) => value).mutation(({ input }) => input),
  nested: t.router({ place: procedure.query(({ batchIndex }) => batchIndex) }),
  refused: procedure.query(() => {
    throw new TRPCError({ code: "FORBIDDEN", message: "Not yours" });
  }),
  bigint: procedure.query(() => 1n),
  endless: procedure.query(async function* () {
    yield 1;
  }),
  never: procedure.subscription(async function* () {}),
});

test("createWsHandler() answers a query with the protocol's exact frame", async () => {
  await using served = serve({ router });
  const client = await RawClient.open(served.url);
  client.send({ id: 1, method: "query", params: { path: "hello" } });
  await client.received(1);
  expect(client.frames).toEqual(['{"id":1,"result":{"type":"data","data":"hello"}}']);
});

test("createWsHandler() answers with the same jsonrpc version and kind of id that it was asked with", async () => {
  await using served = serve({ router });
  const client = await RawClient.open(served.url);
  client.send({ id: "a", jsonrpc: "2.0", method: "query", params: { path: "nothing" } });
  client.send({ id: "b", jsonrpc: "2.0", method: "query", params: { path: "absent" } });
  await client.received(2);
  expect(client.frames[0]).toBe('{"id":"a","jsonrpc":"2.0","result":{"type":"data"}}');
  expect(client.frames[1]).toStartWith('{"id":"b","jsonrpc":"2.0","error":{');
});

test("createWsHandler() runs every call of a batch and tells each its place", async () => {
  await using served = serve({ router });
  const client = await RawClient.open(served.url);
  client.send([
    { id: 1, method: "query", params: { path: "nested.place" } },
    { id: 2, method: "mutation", params: { path: "echo", input: { a: [1] } } },
    { id: 3, method: "query", params: { path: "nested.place" } },
  ]);
  const frames = await client.received(3);
  expect(frames).toContainEqual({ id: 1, result: { type: "data", data: 0 } });
  expect(frames).toContainEqual({ id: 2, result: { type: "data", data: { a: [1] } } });
  expect(frames).toContainEqual({ id: 3, result: { type: "data", data: 2 } });
});

test("createWsHandler() answers what goes wrong with a typed error and tells onError", async () => {
  const errors: ErrorInfo[] = [];
  await using served = serve({ router, onError: (info) => errors.push(info) });
  const client = await RawClient.open(served.url);
  const asked = ["absent", "echo", "never", "refused", "bigint", "endless"];
  for (const [id, path] of asked.entries()) {
    client.send({ id, method: "query", params: { path, input: id } });
    await client.received(id + 1);
  }
  expect((await client.received(6)).map(errorOf)).toEqual([
    { id: 0, code: "NOT_FOUND", message: 'No "query"-procedure on path "absent"', path: "absent" },
    { id: 1, code: "NOT_FOUND", message: 'No "query"-procedure on path "echo"', path: "echo" },
    { id: 2, code: "NOT_FOUND", message: 'No "query"-procedure on path "never"', path: "never" },
    { id: 3, code: "FORBIDDEN", message: "Not yours", path: "refused" },
    { id: 4, code: "INTERNAL_SERVER_ERROR", message: expect.stringContaining("BigInt"), path: "bigint" },
    {
      id: 5,
      code: "UNSUPPORTED_MEDIA_TYPE",
      message: "Cannot return an async iterable or observable from a query procedure with WebSockets",
      path: "endless",
    },
  ]);
  expect(errors.map(({ path, input, type }) => ({ path, input, type }))).toEqual(
    asked.map((path, input) => ({ path, input, type: "query" as const })),
  );
});

test("createWsHandler() shapes errors with the router's errorFormatter", async () => {
  const shaped = initTRPC.context<{ user: string }>().create({
    errorFormatter: ({ shape, error, ctx, input, path }) => ({
      ...shape,
      data: { ...shape.data, mine: { user: ctx?.user, input, path, cause: error.cause?.message } },
    }),
  });
  await using served = serve({
    router: shaped.router({
      fail: shaped.procedure.query(() => {
        throw new Error("inside");
      }),
    }),
    createContext: () => ({ user: "ann" }),
  });
  const client = await RawClient.open(served.url);
  client.send({ id: 1, method: "query", params: { path: "fail", input: 7 } });
  const [frame] = await client.received(1);
  expect(frame).toMatchObject({
    error: { data: { mine: { user: "ann", input: 7, path: "fail", cause: "inside" } } },
  });
});

test("createWsHandler() answers a bare error when the errorFormatter throws, and tells onError of both", async () => {
  const broken = initTRPC.create({
    errorFormatter: () => {
      throw new Error("broken formatter");
    },
  });
  const messages: string[] = [];
  await using served = serve({
    router: broken.router({ hello: broken.procedure.query(() => "hello") }),
    onError: ({ error }) => messages.push(error.message),
  });
  const client = await RawClient.open(served.url);
  client.send({ id: 1, method: "query", params: { path: "secret" } });
  client.send("{");
  client.send({ id: 2, method: "query", params: { path: "hello" } });
  const error = {
    code: -32603,
    message: "Internal server error",
    data: { code: "INTERNAL_SERVER_ERROR", httpStatus: 500 },
  };
  const frames = await client.received(3);
  expect(frames).toContainEqual({ id: 1, error });
  expect(frames).toContainEqual({ id: null, error });
  expect(frames).toContainEqual({ id: 2, result: { type: "data", data: "hello" } });
  expect(messages.filter((message) => message === "broken formatter")).toHaveLength(2);
  expect(messages).toContain('No "query"-procedure on path "secret"');
});

test("createWsHandler() answers all the same when onError throws or rejects", async () => {
  const outcomes = [() => Promise.reject(new Error("late")), () => Promise.reject(new Error("later"))];
  await using served = serve({
    router,
    onError: () => {
      const outcome = outcomes.pop();
      if (outcome) return outcome();
      throw new Error("at once");
    },
  });
  const client = await RawClient.open(served.url);
  for (const id of [1, 2, 3]) client.send({ id, method: "query", params: { path: "refused" } });
  expect((await client.received(3)).map((frame) => errorOf(frame).code)).toEqual(Array(3).fill("FORBIDDEN"));
});

test("createWsHandler() uses the router's transformer for inputs, results and errors", async () => {
  const boxed = initTRPC.create({
    transformer: {
      input: { serialize: (value) => ({ in: value }), deserialize: (value) => value.in },
      output: { serialize: (value) => ({ out: value }), deserialize: (value) => value.out },
    },
  });
  await using served = serve({
    router: boxed.router({
      echo: boxed.procedure.input((value) => value).query(({ input }) => input),
      count: boxed.procedure.subscription(async function* () {
        yield 1;
      }),
    }),
  });
  const client = await RawClient.open(served.url);
  client.send({ id: 1, method: "query", params: { path: "echo", input: { in: "x" } } });
  expect((await client.received(1))[0]).toEqual({ id: 1, result: { type: "data", data: { out: "x" } } });
  client.send({ id: 2, method: "subscription", params: { path: "count", input: { in: 0 } } });
  expect((await client.received(4)).slice(1)).toEqual([
    { id: 2, result: { type: "started" } },
    { id: 2, result: { type: "data", data: { out: 1 } } },
    { id: 2, result: { type: "stopped" } },
  ]);
  client.send({ id: 3, method: "query", params: { path: "echo" } });
  expect((await client.received(5))[4]).toMatchObject({ id: null, error: { out: { data: { code: "PARSE_ERROR" } } } });
  client.send({ id: 4, method: "query", params: { path: "absent", input: { in: 0 } } });
  expect((await client.received(6))[5]).toMatchObject({ id: 4, error: { out: { data: { code: "NOT_FOUND" } } } });
});

test("upgrade() refuses a request that asks for no WebSocket", async () => {
  await using served = serve({ router });
  expect((await fetch(served.url.replace("ws:", "http:"))).status).toBe(426);
});

test("connect() refuses a url that is not absolute", () => {
  const handler = createWsHandler({ router });
  expect(() => handler.connect({ headers: new Headers(), url: "/trpc" })).toThrow(TypeError);
});
