import { expect, test } from "bun:test";
import { initTRPC, TRPCError } from "@trpc/server";
import type { ConnectionHandle, CreateContextOptions } from "../../../adapters/ws/mod.ts";
import { errorOf, gate, RawClient, serve, until } from "./_harness.ts";

interface Context {
  readonly name: string;
  readonly connection?: ConnectionHandle;
}
const t = initTRPC.context<Context>().create();
const router = t.router({
  name: t.procedure.query(({ ctx }) => ctx.name),
  leave: t.procedure.mutation(({ ctx }) => ctx.connection?.close(4000, "you left")),
});
const askName = (id: number) => ({ id, method: "query", params: { path: "name" } });

test("createContext() is called once a socket, with the facts of its request", async () => {
  const calls: CreateContextOptions[] = [];
  await using served = serve({
    router,
    createContext: (options) => {
      calls.push(options);
      return { name: "ann" };
    },
  });
  const client = await RawClient.open(`${served.url}/trpc?room=1`);
  client.send(askName(1));
  client.send(askName(2));
  expect(await client.received(2)).toEqual([
    { id: 1, result: { type: "data", data: "ann" } },
    { id: 2, result: { type: "data", data: "ann" } },
  ]);
  expect(calls).toHaveLength(1);
  const [{ info, connectionParams }] = calls as [CreateContextOptions];
  expect(info.headers.get("upgrade")).toBe("websocket");
  expect(info.url.href).toBe(`${served.url.replace("ws:", "http:")}/trpc?room=1`);
  expect(info.address).toMatch(/127\.0\.0\.1|::1/);
  expect(connectionParams).toBeNull();
});

test("createContext() may take its time: calls wait for it", async () => {
  const context = gate<Context>();
  await using served = serve({ router, createContext: () => context.promise });
  const client = await RawClient.open(served.url);
  client.send(askName(1));
  expect(await client.settled()).toEqual([]);
  context.open({ name: "late" });
  expect((await client.received(2))[1]).toEqual({ id: 1, result: { type: "data", data: "late" } });
});

test("createContext() gets a signal that aborts when the socket closes, and a hold to close it", async () => {
  const handles: ConnectionHandle[] = [];
  await using served = serve({
    router,
    createContext: ({ connection }) => {
      handles.push(connection);
      return { name: "ann", connection };
    },
  });
  const client = await RawClient.open(served.url);
  await client.settled();
  const early = handles[0]?.signal;
  expect(early?.aborted).toBe(false);
  client.send({ id: 1, method: "mutation", params: { path: "leave" } });
  expect(await client.closed).toEqual({ code: 4000, reason: "you left" });
  await until(() => served.handler.counts().connections === 0, "the end of the socket");
  expect(early?.aborted).toBe(true);
  const other = await RawClient.open(served.url);
  await other.settled();
  other.kill();
  await until(() => served.handler.counts().connections === 0, "the end of the other socket");
  expect(handles[1]?.signal.aborted).toBe(true);
  expect(() => handles[1]?.close(4000)).not.toThrow();
});

const failures: [what: string, createContext: () => Context | Promise<Context>, code: string, close: object][] = [
  [
    "rejects with a TRPCError",
    async () => Promise.reject(new TRPCError({ code: "UNAUTHORIZED", message: "no" })),
    "UNAUTHORIZED",
    { code: 1008, reason: "Context refused" },
  ],
  [
    "throws a TRPCError",
    () => {
      throw new TRPCError({ code: "UNAUTHORIZED", message: "no" });
    },
    "UNAUTHORIZED",
    { code: 1008, reason: "Context refused" },
  ],
  [
    "throws anything else",
    () => {
      throw "no";
    },
    "INTERNAL_SERVER_ERROR",
    { code: 1011, reason: "Context failed" },
  ],
];

for (const [what, createContext, code, close] of failures) {
  test(`createContext() that ${what} answers waiting calls with the error and closes the socket`, async () => {
    const errors: string[] = [];
    const asked = gate();
    await using served = serve({
      router,
      createContext: async () => {
        await asked.promise;
        return createContext();
      },
      onError: ({ error, path, ctx }) => errors.push(`${error.code} ${path} ${ctx}`),
    });
    const client = await RawClient.open(served.url);
    client.send(askName(1));
    client.send({ id: 2, method: "subscription", params: { path: "name" } });
    await client.settled();
    asked.open();
    expect(await client.closed).toEqual(close as { code: number; reason: string });
    const frames = (await client.received(client.frames.length)).filter((frame) => frame !== "PONG");
    expect(frames.slice(0, 3).map(errorOf)).toEqual([
      { id: null, code, message: "no" },
      { id: 1, code, message: "no", path: "name" },
      { id: 2, code, message: "no", path: "name" },
    ]);
    expect(frames.slice(3)).toEqual([{ id: 2, result: { type: "stopped" } }]);
    expect(errors).toEqual([`${code} undefined undefined`, `${code} name undefined`, `${code} name undefined`]);
  });

  test(`createContext() that ${what} at once ends neither the process nor other sockets`, async () => {
    let first = true;
    await using served = serve({
      router,
      createContext: () => {
        if (!first) return { name: "ann" };
        first = false;
        return createContext();
      },
    });
    const refused = new RawClient(served.url);
    expect(await refused.closed).toEqual(close as { code: number; reason: string });
    expect((await refused.received(1)).map(errorOf)).toEqual([{ id: null, code, message: "no" }]);
    const client = await RawClient.open(served.url);
    client.send(askName(1));
    expect(await client.received(1)).toEqual([{ id: 1, result: { type: "data", data: "ann" } }]);
  });
}

const nameFromParams = ({ connectionParams }: CreateContextOptions): Context => ({
  name: JSON.stringify(connectionParams),
});

test("createContext() gets the connection params of the first frame, PINGs aside", async () => {
  await using served = serve({ router, createContext: nameFromParams });
  const client = await RawClient.open(`${served.url}?connectionParams=1`);
  client.send("PING");
  client.send({ method: "connectionParams", data: { token: "secret" } });
  client.send(askName(1));
  client.send({ method: "connectionParams", data: { token: "other" } });
  const frames = await client.received(3);
  expect(frames).toContainEqual({ id: 1, result: { type: "data", data: '{"token":"secret"}' } });
  expect(errorOf(frames.find((frame) => typeof frame === "object" && frame && "error" in frame))).toEqual({
    id: null,
    code: "PARSE_ERROR",
    message: "Invalid request id",
  });
});

test("createContext() gets null for connection params that are null", async () => {
  await using served = serve({ router, createContext: nameFromParams });
  const client = await RawClient.open(`${served.url}?connectionParams=1`);
  client.send({ method: "connectionParams", data: null });
  client.send(askName(1));
  expect(await client.received(1)).toEqual([{ id: 1, result: { type: "data", data: "null" } }]);
});

const malformed: [what: string, frame: string | object | Uint8Array<ArrayBuffer>, message: string][] = [
  ["that are no JSON", "{", "Malformed TRPCConnectionParamsMessage"],
  ["that are no object", "[]", "Malformed TRPCConnectionParamsMessage"],
  ["in a binary frame", new Uint8Array([123, 125]), "Malformed TRPCConnectionParamsMessage"],
  ["with another method", askName(1), "Malformed TRPCConnectionParamsMessage"],
  ["with no data", { method: "connectionParams" }, "Invalid connection params shape"],
  [
    "with values that are no strings",
    { method: "connectionParams", data: { n: 1 } },
    "Invalid connection params shape",
  ],
];

for (const [what, frame, message] of malformed) {
  test(`createWsHandler() refuses connection params ${what}`, async () => {
    let asked = false;
    await using served = serve({
      router,
      createContext: () => {
        asked = true;
        return { name: "ann" };
      },
    });
    const client = await RawClient.open(`${served.url}?connectionParams=1`);
    client.send(frame);
    client.send(askName(1));
    expect(await client.closed).toEqual({ code: 1008, reason: "Context refused" });
    expect(errorOf((await client.received(1))[0])).toEqual({ id: null, code: "PARSE_ERROR", message });
    expect(asked).toBe(false);
  });
}

test("connectionParamsTimeoutMs closes a socket that sends no connection params, with code 4408", async () => {
  await using served = serve({ router, createContext: nameFromParams, connectionParamsTimeoutMs: 250 });
  const prompt = await RawClient.open(`${served.url}?connectionParams=1`);
  prompt.send({ method: "connectionParams", data: {} });
  const silent = await RawClient.open(`${served.url}?connectionParams=1`);
  expect(await silent.closed).toEqual({ code: 4408, reason: "Connection params timeout" });
  prompt.send(askName(1));
  expect(await prompt.received(1)).toEqual([{ id: 1, result: { type: "data", data: "{}" } }]);
});
