import { expect, test } from "bun:test";
import { gate, RawClient, until } from "../adapters/ws/_harness.ts";
import {
  bearer,
  httpClient,
  observe,
  refusal,
  refusalOf,
  serve,
  signUp,
  socketClient,
  socketWith,
  sseClient,
  testChat,
} from "./_harness.ts";

function tooMany(what: string, limit: number) {
  return { code: "TOO_MANY_REQUESTS", chatError: { code: "TOO_MANY_AT_ONCE", what, limit } as never };
}

const ws = (url: string) => `${url.replace("http", "ws")}/trpc`;

/** What `chatrooms.mine` answers to who is in no room. */
const NONE = { chatrooms: [], cursor: null };

test("limits.socketsPerAddress refuses a socket before its upgrade, until one has closed", async () => {
  await using served = await serve({ limits: { socketsPerAddress: 2 } });
  const [first] = [await RawClient.open(ws(served.url)), await RawClient.open(ws(served.url))];
  const upgrade = () =>
    fetch(`${served.url}/trpc`, { headers: { upgrade: "websocket", connection: "Upgrade", "sec-websocket-key": "a" } });
  const refused = await upgrade();
  expect(refused.status).toBe(429);
  expect(await refused.json()).toMatchObject({ error: { data: tooMany("sockets", 2) } });
  // Event streams count as sockets do.
  const stream = await fetch(`${served.url}/trpc/chatrooms.observe?input={}`);
  expect(stream.status).toBe(429);
  await stream.text();
  first.close();
  await first.closed;
  // The client hears of the end of its socket before or after the server does.
  while ((await upgrade()).status === 429);
  const third = await RawClient.open(ws(served.url));
  expect(await third.settled()).toEqual([]);
});

test("limits.socketsPerAddress counts by what the trusted proxy says", async () => {
  await using served = await serve({ proxyHops: 1, limits: { socketsPerAddress: 1 } });
  const open = (address: string) =>
    new Promise<string>((resolve) => {
      const socket = socketWith(served.url, { "x-forwarded-for": `6.6.6.6, ${address}` });
      socket.onopen = () => resolve("open");
      socket.onerror = () => resolve("refused");
    });
  expect(await open("1.1.1.1")).toBe("open");
  expect(await open("1.1.1.1")).toBe("refused");
  expect(await open("2.2.2.2")).toBe("open");
});

test("limits.socketsPerUser refuses sockets and event streams of a user beyond it, typed", async () => {
  await using served = await serve({ limits: { socketsPerUser: 1 } });
  const { client, token } = await signUp(served.url);
  const { id } = await client.chatrooms.create.mutate({ name: "room" });
  await using first = socketClient(served.url, token);
  await first.client.auth.me.query();
  await using second = socketClient(served.url, token);
  const refused = observe(second.client, id);
  await until(() => refused.errors.length > 0, "a refusal");
  expect(refusalOf(refused.errors[0])).toEqual(tooMany("sockets", 1));
  await until(() => second.closes.length > 0, "its end");
  expect(second.closes[0]).toBe(1008);
  const stream = observe(sseClient(served.url, token), id);
  await until(() => stream.errors.length > 0, "a refusal");
  expect(refusalOf(stream.errors[0])).toEqual(tooMany("sockets", 1));
  expect((await client.auth.me.query()).id).toBeString();
});

test("limits.subscriptionsPerSocket refuses a subscription beyond it, typed", async () => {
  await using served = await serve({ limits: { subscriptionsPerSocket: 2 } });
  const { client, token } = await signUp(served.url);
  const { id } = await client.chatrooms.create.mutate({ name: "room" });
  await using socket = socketClient(served.url, token);
  const [first, second] = [observe(socket.client, id), observe(socket.client, id)];
  await until(() => first.events.length === 1 && second.events.length === 1, "two cursors");
  const third = observe(socket.client, id);
  await until(() => third.errors.length === 1, "a refusal");
  expect(refusalOf(third.errors[0])).toEqual(tooMany("subscriptions", 2));
});

test("limits.callsPerSocket refuses a call beyond it, typed", async () => {
  const release = gate();
  const made = testChat();
  const profiles = { byIds: async () => release.promise.then(() => []) };
  const chat = { ...made.chat, profiles };
  await using served = await serve({ limits: { callsPerSocket: 1 } }, { ...made, chat });
  const { token } = await signUp(served.url);
  await using socket = socketClient(served.url, token);
  const held = socket.client.users.byIds.query({ userIds: [] });
  expect(await refusal(socket.client.chatrooms.mine.query())).toEqual(tooMany("calls", 1));
  release.open();
  expect(await held).toEqual([]);
});

test("limits.callsPerBatch refuses a request that holds more, typed", async () => {
  await using served = await serve({ limits: { callsPerBatch: 2 } });
  const { client } = await signUp(served.url);
  const three = () => [1, 2, 3].map(() => client.chatrooms.mine.query());
  expect(await Promise.all(three().map(refusal))).toEqual(Array(3).fill(tooMany("batch", 2)));
  expect(await Promise.all([client.chatrooms.mine.query(), client.chatrooms.mine.query()])).toEqual([NONE, NONE]);
});

test("limits.frameBytes bounds bodies and frames", async () => {
  await using served = await serve();
  const { client, token, user } = await signUp(served.url);
  for (const size of [200_000, 1_000_000, 20_000_000]) {
    const big = { username: "x".repeat(size), password: "a long password" };
    expect(await refusal(httpClient(served.url).auth.signUp.mutate(big))).toEqual({
      code: "PAYLOAD_TOO_LARGE",
      chatError: null,
    });
  }
  const chunked = await fetch(`${served.url}/trpc/auth.signUp`, {
    method: "POST",
    headers: { "content-type": "application/json", ...bearer(token) },
    body: new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(50_000)) }),
  });
  expect(chunked.status).toBe(413);
  expect(await chunked.json()).toMatchObject({ error: { data: { code: "PAYLOAD_TOO_LARGE" } } });
  const raw = await RawClient.open(ws(served.url));
  raw.send("x".repeat(128 * 1024 + 1));
  expect((await raw.closed).code).toBe(1009);
  expect((await client.auth.me.query()).id).toBe(user.id);
});
