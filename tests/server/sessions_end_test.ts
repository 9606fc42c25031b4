import { expect, test } from "bun:test";
import { closeCodes } from "../../server/mod.ts";
import { gate, RawClient, until } from "../adapters/ws/_harness.ts";
import {
  bearer,
  httpClient,
  observe,
  type Refused,
  refusal,
  refusalOf,
  serve,
  signUp,
  socketClient,
  socketWith,
  sseClient,
} from "./_harness.ts";

const ended: Refused = { code: "UNAUTHORIZED", chatError: { code: "SESSION_ENDED" } };
const signedOut: Refused = { code: "UNAUTHORIZED", chatError: { code: "SIGNED_OUT" } };

test("createServer() ends the subscriptions of a revoked session with SESSION_ENDED, and its socket", async () => {
  await using served = await serve();
  const { client, token } = await signUp(served.url);
  const { id } = await client.chatrooms.create.mutate({ name: "room" });
  await using socket = socketClient(served.url, token);
  const observation = observe(socket.client, id);
  const stream = observe(sseClient(served.url, token), id);
  const signals: unknown[] = [];
  socket.client.chatrooms.signals.subscribe({ chatroomId: id }, { onError: (error) => signals.push(error) });
  await until(() => observation.events.length === 1 && stream.events.length === 1, "both cursors");
  const [current] = await client.auth.sessions.query();
  if (!current) throw new Error("no session");
  await client.auth.revoke.mutate({ sessionId: current.id });
  await until(
    () => observation.errors.length === 1 && stream.errors.length === 1 && signals.length === 1,
    "three ends",
  );
  expect([observation.errors[0], stream.errors[0], signals[0]].map(refusalOf)).toEqual([ended, ended, ended]);
  await until(() => socket.closes.length === 1, "the socket's end");
  expect(socket.closes).toEqual([closeCodes.sessionEnded[0]]);
  await until(() => socket.opens === 2, "another socket");
  expect(await refusal(socket.client.auth.me.query())).toEqual(signedOut);
});

test("createServer() answers a sign-out over a socket before it closes it", async () => {
  await using served = await serve();
  const { token } = await signUp(served.url);
  await using socket = socketClient(served.url, token);
  expect(await socket.client.auth.signOut.mutate()).toBeNull();
  await until(() => socket.closes.length === 1, "the socket's end");
  expect(socket.closes).toEqual([closeCodes.sessionEnded[0]]);
});

test("createServer() ends what a session holds when it expires", async () => {
  const expiresAt = Date.now() + 300;
  await using served = await serve({
    authenticate: async () => ({ userId: "ann", sessionKey: "s", ...(Date.now() < expiresAt ? { expiresAt } : {}) }),
  });
  const { id } = await httpClient(served.url).chatrooms.create.mutate({ name: "room" });
  await using socket = socketClient(served.url, null);
  const observation = observe(socket.client, id);
  await until(() => observation.errors.length === 1, "the end");
  expect(refusalOf(observation.errors[0])).toEqual(ended);
});

test("createServer() knows of a revocation that comes while it authenticates", async () => {
  const asked = gate();
  const release = gate();
  await using served = await serve({
    authenticate: async () => {
      asked.open();
      await release.promise;
      return { userId: "ann", sessionKey: "s" };
    },
  });
  const call = refusal(httpClient(served.url).chatrooms.mine.query());
  await asked.promise;
  served.chat.revoke({ userId: "ann" as never });
  release.open();
  expect(await call).toEqual(ended);
});

test("createServer() lets go of a session when its request, stream or socket is over", async () => {
  await using served = await serve({ limits: { socketsPerUser: 1 } });
  const { client, token } = await signUp(served.url);
  const { id } = await client.chatrooms.create.mutate({ name: "room" });
  for (let round = 0; round < 5; round++) {
    const stream = observe(sseClient(served.url, token), id);
    await until(() => stream.events.length === 1, "a cursor");
    stream.stop();
    await untilOpen(served.url, token, id);
  }
});

/** Open a socket for the one that a user may have, and close it again. */
async function untilOpen(url: string, token: string, chatroomId: string): Promise<void> {
  for (;;) {
    await using socket = socketClient(url, token);
    const heard = observe(socket.client, chatroomId);
    await until(() => heard.events.length + heard.errors.length > 0, "a cursor or a refusal");
    heard.stop();
    if (heard.errors.length === 0) return;
  }
}

test("createServer() closes a socket that announces connection params and sends none", async () => {
  await using served = await serve({ connectionParamsTimeoutMs: 50 });
  const raw = await RawClient.open(`${served.url.replace("http", "ws")}/trpc?connectionParams=1`);
  expect((await raw.closed).code).toBe(4408);
});

test("createServer() takes a bearer on the upgrade as well", async () => {
  await using served = await serve();
  const { token, user } = await signUp(served.url);
  const socket = socketWith(served.url, bearer(token));
  const frames: string[] = [];
  socket.onmessage = ({ data }) => frames.push(String(data));
  socket.onopen = () => socket.send(JSON.stringify({ id: 1, method: "query", params: { path: "auth.me" } }));
  await until(() => frames.length === 1, "an answer");
  expect(JSON.parse(frames[0] ?? "")).toMatchObject({ id: 1, result: { data: { id: user.id } } });
  socket.close();
});
