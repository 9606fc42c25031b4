import { expect, test } from "bun:test";
import { initTRPC } from "@trpc/server";
import type { ErrorInfo } from "../../../adapters/ws/mod.ts";
import { gate, RawClient, serve, until } from "./_harness.ts";

const t = initTRPC.create();
const { procedure } = t;

test("createWsHandler() aborts a query's signal when its socket closes, and reports no error for that", async () => {
  const began = gate<AbortSignal>();
  const errors: ErrorInfo[] = [];
  await using served = serve({
    router: t.router({
      wait: procedure.query(async ({ signal }) => {
        if (!signal) throw new Error("No signal");
        began.open(signal);
        await new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      }),
    }),
    onError: (info) => errors.push(info),
  });
  const client = await RawClient.open(served.url);
  client.send({ id: 1, method: "query", params: { path: "wait" } });
  const signal = await began.promise;
  expect(signal.aborted).toBe(false);
  client.kill();
  await until(() => served.handler.counts().calls === 0, "the end of the query");
  expect(signal.aborted).toBe(true);
  expect(errors).toEqual([]);
});

test("createWsHandler() lets go of a query once it is answered", async () => {
  const signals: (AbortSignal | undefined)[] = [];
  await using served = serve({
    router: t.router({ ask: procedure.query(({ signal }) => void signals.push(signal)) }),
  });
  const client = await RawClient.open(served.url);
  client.send({ id: 1, method: "query", params: { path: "ask" } });
  await client.received(1);
  client.kill();
  await until(() => served.handler.counts().connections === 0, "the end of the socket");
  expect(signals.map((signal) => signal?.aborted)).toEqual([false]);
});

test("createWsHandler() runs a mutation to its end after its socket closed, with a signal that does not abort", async () => {
  const began = gate<AbortSignal | undefined>();
  const proceed = gate();
  const errors: string[] = [];
  let ended = false;
  await using served = serve({
    router: t.router({
      post: procedure.mutation(async ({ signal }) => {
        began.open(signal);
        await proceed.promise;
        ended = true;
        throw new Error("nobody else hears this");
      }),
    }),
    onError: ({ error }) => errors.push(error.message),
  });
  const client = await RawClient.open(served.url);
  client.send({ id: 1, method: "mutation", params: { path: "post" } });
  const signal = await began.promise;
  client.kill();
  await until(() => served.handler.counts().connections === 0, "the end of the socket");
  expect(signal?.aborted).toBe(false);
  expect(served.handler.counts().calls).toBe(1);
  proceed.open();
  await until(() => served.handler.counts().calls === 0, "the end of the mutation");
  expect(ended).toBe(true);
  expect(signal?.aborted).toBe(false);
  expect(errors).toEqual(["nobody else hears this"]);
});
