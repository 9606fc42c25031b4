import { expect, test } from "bun:test";
import { createTRPCClient, httpBatchStreamLink } from "@trpc/client";
import type { AppRouter } from "../../adapters/trpc/mod.ts";
import type { Authenticated } from "../../server/mod.ts";
import { until } from "../adapters/ws/_harness.ts";
import { bearer, httpClient, observe, refusal, refusalOf, serve, signUp, socketClient, sseClient } from "./_harness.ts";

/** Call a mutation as a browser does, and answer what it is told to keep. */
async function cookiesOf(url: string, procedure: string, input: object | null, headers = {}): Promise<string[]> {
  const response = await fetch(`${url}/trpc/${procedure}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    ...(input === null ? {} : { body: JSON.stringify(input) }),
  });
  expect(response.status).toBe(200);
  await response.text();
  return response.headers.getSetCookie();
}

const account = { username: "ann", password: "a long password" };
const wellFormed = /^sarangbang_session=[\w-]{43}; Expires=([^;]+); Path=\/; HttpOnly; SameSite=Lax$/;

test("createServer() has a browser keep its session as a cookie that no script reads, until it expires", async () => {
  await using served = await serve();
  for (const procedure of ["auth.signUp", "auth.signIn"]) {
    const [cookie = "", ...others] = await cookiesOf(served.url, procedure, account);
    expect(others).toEqual([]);
    const [, expires = ""] = wellFormed.exec(cookie) ?? [];
    const days = (Date.parse(expires) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(29.9);
    expect(days).toBeLessThanOrEqual(30);
  }
});

test("createServer() knows a browser by its cookie, and forgets both at sign-out", async () => {
  await using served = await serve();
  const [cookie = ""] = await cookiesOf(served.url, "auth.signUp", account);
  const headers = { cookie: `theme=dark; ${cookie.split(";", 1)[0]}; other=1` };
  const browser = httpClient(served.url, headers);
  expect((await browser.auth.me.query()).username).toBe("ann");
  expect(await cookiesOf(served.url, "auth.signOut", null, headers)).toEqual([
    "sarangbang_session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/; HttpOnly; SameSite=Lax",
  ]);
  expect(await refusal(browser.auth.me.query())).toEqual({ code: "UNAUTHORIZED", chatError: { code: "SIGNED_OUT" } });
});

for (const [what, options, headers] of [
  ["a public URL of https", { publicUrl: "https://chat.example.com" }, {}],
  ["a proxy that says https", { proxyHops: 1 }, { "x-forwarded-proto": "https" }],
] as const) {
  test(`createServer() behind ${what} sends cookies over TLS alone, bound to the host`, async () => {
    await using served = await serve(options);
    const [old, cookie = ""] = await cookiesOf(served.url, "auth.signUp", account, headers);
    expect(old).toStartWith("sarangbang_session=; Expires=Thu, 01 Jan 1970");
    expect(cookie).toMatch(
      /^__Host-sarangbang_session=[\w-]{43}; Expires=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    );
    const browser = httpClient(served.url, { cookie: `sarangbang_session=planted; ${cookie.split(";", 1)[0]}` });
    expect((await browser.auth.me.query()).username).toBe("ann");
  });
}

test("createServer() believes no X-Forwarded-Proto unless it was told of a proxy", async () => {
  await using served = await serve();
  const [cookie = ""] = await cookiesOf(served.url, "auth.signUp", account, { "x-forwarded-proto": "https" });
  expect(cookie).toMatch(wellFormed);
});

test("createServer() knows a client by bearer, by the params of its socket, and by the params of a stream", async () => {
  await using served = await serve();
  const { token, client, user } = await signUp(served.url);
  expect((await client.auth.me.query()).id).toBe(user.id);
  await using socket = socketClient(served.url, token);
  expect((await socket.client.auth.me.query()).id).toBe(user.id);
  await using visitor = socketClient(served.url, null);
  expect(await refusal(visitor.client.auth.me.query())).toEqual({
    code: "UNAUTHORIZED",
    chatError: { code: "SIGNED_OUT" },
  });
  const { id } = await client.chatrooms.create.mutate({ name: "room" });
  const params = encodeURIComponent(JSON.stringify({ token }));
  const input = encodeURIComponent(JSON.stringify({ chatroomId: id }));
  const response = await fetch(`${served.url}/trpc/chatrooms.observe?input=${input}&connectionParams=${params}`);
  const reader = response.body?.getReader();
  let text = "";
  while (!text.includes('"kind":"cursor"')) text += new TextDecoder().decode((await reader?.read())?.value);
  await reader?.cancel();
});

test("authenticateBy() lets what was sent on purpose count before the cookie, also when it is wrong", async () => {
  await using served = await serve();
  const { token } = await signUp(served.url);
  const cookie = `sarangbang_session=${token}`;
  expect(await refusal(httpClient(served.url, { cookie, ...bearer("wrong") }).auth.me.query())).toEqual({
    code: "UNAUTHORIZED",
    chatError: { code: "SIGNED_OUT" },
  });
  await httpClient(served.url, { cookie }).auth.me.query();
});

test("createServer() answers a stream of a batch, signed in", async () => {
  await using served = await serve();
  const { token, user } = await signUp(served.url);
  const client = createTRPCClient<AppRouter>({
    links: [httpBatchStreamLink({ url: `${served.url}/trpc`, headers: bearer(token) })],
  });
  const [me, mine] = await Promise.all([client.auth.me.query(), client.chatrooms.mine.query()]);
  expect([me.id, mine.chatrooms]).toEqual([user.id, []]);
});

test("createServer() asks a host who its users are, with headers and params", async () => {
  const asked: (string | undefined | null)[] = [];
  await using served = await serve({
    authenticate: async ({ headers, connectionParams }) => {
      asked.push(headers.get("x-user") ?? connectionParams?.["user"]);
      const name = asked.at(-1);
      return name ? { userId: name, sessionKey: `session of ${name}` } : null;
    },
  });
  const room = await httpClient(served.url, { "x-user": "yuna" }).chatrooms.create.mutate({ name: "room" });
  expect(room.ownerId as string).toBe("yuna");
  expect(asked).toEqual(["yuna"]);
});

const unusable: [what: string, found: Authenticated, told: string][] = [
  ["a user id that is empty", { userId: "", sessionKey: "s" }, "userId"],
  ["a user id of 129 code points", { userId: "가".repeat(129), sessionKey: "s" }, "userId"],
  ["a user id with a lone surrogate", { userId: "a\ud800", sessionKey: "s" }, "userId"],
  ["a user id with a NUL", { userId: "a\u0000", sessionKey: "s" }, "userId"],
  ["a session key that is empty", { userId: "ann", sessionKey: "" }, "sessionKey"],
  ["a time of expiry that is none", { userId: "ann", sessionKey: "s", expiresAt: Number.NaN }, "expiresAt"],
];

for (const [what, found, told] of unusable) {
  test(`createServer() signs nobody in by ${what}, and logs that`, async () => {
    await using served = await serve({ authenticate: async () => found });
    expect(await refusal(httpClient(served.url).chatrooms.mine.query())).toEqual({
      code: "UNAUTHORIZED",
      chatError: { code: "SIGNED_OUT" },
    });
    expect(served.log).toMatchObject([{ event: "authenticate_unusable", what: expect.stringContaining(told) }]);
  });
}

test("createServer() takes user ids of 128 code points, and __proto__ as a name like any other", async () => {
  for (const userId of ["😀".repeat(128), "__proto__", "constructor"]) {
    await using served = await serve({ authenticate: async () => ({ userId, sessionKey: "__proto__" }) });
    const client = httpClient(served.url);
    const room = await client.chatrooms.create.mutate({ name: "__proto__", requestId: "__proto__" });
    const heard = observe(sseClient(served.url, "any"), room.id);
    await until(() => heard.events.length === 1);
    await client.messages.post.mutate({ chatroomId: room.id, body: "__proto__", requestId: "constructor" });
    await until(() => heard.events.length === 2);
    expect((await client.chatrooms.get.query({ chatroomId: room.id })).membership.userId as string).toBe(userId);
    served.chat.revoke({ userId: room.ownerId });
    await until(() => heard.errors.length === 1);
    expect(refusalOf(heard.errors[0])).toEqual({ code: "UNAUTHORIZED", chatError: { code: "SESSION_ENDED" } });
  }
});
