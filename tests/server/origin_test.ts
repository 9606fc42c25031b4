import { expect, test } from "bun:test";
import type { ServerOptions } from "../../server/mod.ts";
import { serve } from "./_harness.ts";

const allowed = "https://app.example.com";
const forbidden = "https://evil.example.com";

/** The answers to a mutation and to an upgrade that come from a page of an origin. */
async function statuses(url: string, origin: string | null, headers: Record<string, string> = {}): Promise<number[]> {
  const from = { ...headers, ...(origin === null ? {} : { origin }) };
  const mutation = await fetch(`${url}/trpc/auth.signOut`, {
    method: "POST",
    headers: { "content-type": "application/json", ...from },
  });
  const upgraded = await fetch(`${url}/trpc`, {
    headers: {
      ...from,
      upgrade: "websocket",
      connection: "Upgrade",
      "sec-websocket-version": "13",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    },
  });
  return [mutation.status, upgraded.status];
}

/** What a signed-out mutation and an upgrade are answered once they are let in. */
const letIn = [401, 101];
const keptOut = [403, 403];

const table: [
  what: string,
  options: Partial<ServerOptions>,
  origin: (url: string) => string | null,
  answer: number[],
][] = [
  ["no origin", {}, () => null, letIn],
  ["its own origin", {}, (url) => url, letIn],
  ["its own host over TLS", {}, (url) => url.replace("http:", "https:"), letIn],
  ["its own host on another port", {}, (url) => url.replace(/:\d+$/, ":1"), keptOut],
  ["a listed origin", { origins: [allowed] }, () => allowed, letIn],
  ["a listed origin in capitals", { origins: [allowed] }, () => allowed.toUpperCase(), keptOut],
  ["a listed origin with a port", { origins: [allowed] }, () => `${allowed}:444`, keptOut],
  ["a listed origin over http", { origins: [allowed] }, () => "http://app.example.com", keptOut],
  ["a subdomain of a listed origin", { origins: [allowed] }, () => "https://a.app.example.com", keptOut],
  ["a name that begins like a listed origin", { origins: [allowed] }, () => `${allowed}.evil.com`, keptOut],
  ["an origin that is not listed", { origins: [allowed] }, () => forbidden, keptOut],
  ["two origins at once", { origins: [allowed] }, () => `${allowed}, ${forbidden}`, keptOut],
  ["the origin null", { origins: [allowed] }, () => "null", keptOut],
  ["an empty origin", {}, () => " ", keptOut],
  ["its public origin", { publicUrl: "https://chat.example.com" }, () => "https://chat.example.com", letIn],
  ["the host it was called by, with a public origin", { publicUrl: "https://chat.example.com" }, (url) => url, keptOut],
  ["its public origin over http", { publicUrl: "https://chat.example.com" }, () => "http://chat.example.com", keptOut],
];

for (const [what, options, originOf, answer] of table) {
  test(`createServer() ${answer === letIn ? "lets in" : "keeps out"} ${what}, in calls and upgrades alike`, async () => {
    await using served = await serve(options);
    expect(await statuses(served.url, originOf(served.url))).toEqual(answer);
  });
}

test("createServer() tells whom it keeps out by which origin", async () => {
  await using served = await serve();
  for (const [path, init] of [
    ["/trpc/auth.signIn", { method: "POST", headers: { origin: forbidden, "content-type": "application/json" } }],
    ["/trpc/chatrooms.mine", { headers: { origin: forbidden } }],
    ["/trpc", { headers: { origin: forbidden } }],
  ] as const) {
    const response = await fetch(`${served.url}${path}`, init);
    expect(response.status).toBe(403);
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
    expect(await response.json()).toMatchObject({
      error: { data: { code: "FORBIDDEN", chatError: { code: "ORIGIN_FORBIDDEN", origin: forbidden } } },
    });
  }
});

test("createServer() lets pages of listed origins call with credentials", async () => {
  await using served = await serve({ origins: [allowed] });
  const preflight = await fetch(`${served.url}/trpc/auth.signIn`, {
    method: "OPTIONS",
    headers: {
      origin: allowed,
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type",
    },
  });
  expect(preflight.status).toBe(204);
  expect(Object.fromEntries(preflight.headers)).toMatchObject({
    "access-control-allow-origin": allowed,
    "access-control-allow-credentials": "true",
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": expect.stringContaining("content-type"),
    vary: expect.stringContaining("origin"),
  });
  const response = await fetch(`${served.url}/trpc/chatrooms.mine`, { headers: { origin: allowed } });
  expect(response.headers.get("access-control-allow-origin")).toBe(allowed);
  expect(response.headers.get("vary")).toContain("origin");
  const refused = await fetch(`${served.url}/trpc/auth.signIn`, { method: "OPTIONS", headers: { origin: forbidden } });
  expect(refused.status).toBe(403);
});

test("createServer() runs no mutation that comes by GET, and no query that comes by POST", async () => {
  await using served = await serve();
  const input = encodeURIComponent(JSON.stringify({ username: "ann", password: "a long password" }));
  const mutation = await fetch(`${served.url}/trpc/auth.signUp?input=${input}`);
  expect(mutation.status).toBe(405);
  expect(await mutation.json()).toMatchObject({ error: { data: { code: "METHOD_NOT_SUPPORTED" } } });
  const query = await fetch(`${served.url}/trpc/chatrooms.mine`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  expect(query.status).toBe(405);
  expect(await served.accounts.users.byUsername("ann")).toBeNull();
});
