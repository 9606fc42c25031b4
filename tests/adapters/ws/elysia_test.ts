import { expect, test } from "bun:test";
import { createTRPCClient, createWSClient, wsLink } from "@trpc/client";
import { initTRPC } from "@trpc/server";
import { Elysia } from "elysia";
import { createWsHandler, defaultLimits } from "../../../adapters/ws/mod.ts";
import { RawClient, until } from "./_harness.ts";

const t = initTRPC.context<{ agent: string | null; address: string | null }>().create();
const router = t.router({
  agent: t.procedure.query(({ ctx }) => ctx),
  big: t.procedure.subscription(async function* () {
    for (let n = 0; n < 200; n++) yield `${n} ${"x".repeat(64 * 1024)}`;
  }),
});

function listen() {
  const handler = createWsHandler({
    router,
    createContext: async ({ info }) => {
      await Bun.sleep(1);
      return { agent: info.headers.get("x-agent"), address: info.address };
    },
  });
  const app = new Elysia({ websocket: handler.socketOptions })
    .get("/", () => "page")
    .get("/trpc", ({ request, server }) => {
      const address = server?.requestIP(request)?.address ?? null;
      const data = handler.connect({ headers: request.headers, url: request.url, address });
      if (!server?.upgrade(request, { data })) return new Response(null, { status: 426 });
    })
    .listen(0);
  return { app, handler, url: `localhost:${app.server?.port}` };
}

test("connect() serves the stock client on Elysia, whose dispatcher calls the socket's data", async () => {
  const { app, handler, url } = listen();
  const wsClient = createWSClient({ url: `ws://${url}/trpc` });
  const client = createTRPCClient<typeof router>({ links: [wsLink({ client: wsClient })] });
  expect(await client.agent.query()).toEqual({ agent: null, address: expect.stringMatching(/127\.0\.0\.1|::1/) });
  const seen: number[] = [];
  client.big.subscribe(undefined, { onData: (item) => seen.push(Number.parseInt(item, 10)) });
  await until(() => seen.length === 200, "every item");
  expect(seen).toEqual([...Array(200).keys()]);
  await wsClient.close();
  await until(() => handler.counts().connections === 0, "the end of the socket");
  expect(await (await fetch(`http://${url}/`)).text()).toBe("page");
  expect((await fetch(`http://${url}/trpc`)).status).toBe(426);
  await app.stop(true);
});

test("socketOptions hold on Elysia", async () => {
  const { app, url } = listen();
  const client = await RawClient.open(`ws://${url}/trpc`);
  client.send("x".repeat(defaultLimits.frameBytes + 1));
  expect((await client.closed).code).toBe(1009);
  await app.stop(true);
});
