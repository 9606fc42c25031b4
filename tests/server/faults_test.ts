import { expect, test } from "bun:test";
import { TRPCClientError } from "@trpc/client";
import type { AppRouter } from "../../adapters/trpc/mod.ts";
import { faultEntry } from "../../server/mod.ts";
import { RawClient, until } from "../adapters/ws/_harness.ts";
import { httpClient, observe, type Served, serve, signUp, socketClient, testChat } from "./_harness.ts";

/** The id that a caller was told, once sure that they were told nothing else. */
function toldId(error: unknown, path: string): string {
  if (!(error instanceof TRPCClientError)) throw error;
  const { data, message, shape } = error as TRPCClientError<AppRouter>;
  const faultId = data?.faultId ?? "";
  expect(faultId).toMatch(/^[\da-f-]{36}$/);
  expect(message).toBe(`Unforeseen; the server's log has it under ${faultId}`);
  expect(data).toEqual({ code: "INTERNAL_SERVER_ERROR", httpStatus: 500, path, chatError: null, faultId });
  expect(JSON.stringify(shape)).not.toMatch(/secret|stack|\.ts/);
  return faultId;
}

function thrownBy(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => {
      throw new Error("the call was not refused");
    },
    (error) => error,
  );
}

const broken = () => Promise.reject(new Error("broken\nparams: secret"));

async function serveBroken(): Promise<Served> {
  const made = testChat();
  const feeds = { ...made.chat.feeds, follow: () => failing() };
  async function* failing(): AsyncGenerator<never, void> {
    yield await broken();
  }
  return serve(
    {},
    { ...made, chat: { ...made.chat, feeds, memberships: { ...made.chat.memberships, ofUser: broken } } },
  );
}

test("createServer() logs what nobody foresaw once, under the id that its caller was told", async () => {
  await using served = await serveBroken();
  const { client, token } = await signUp(served.url);
  await using socket = socketClient(served.url, token);
  const ids = [
    toldId(await thrownBy(client.chatrooms.mine.query()), "chatrooms.mine"),
    toldId(await thrownBy(socket.client.chatrooms.mine.query()), "chatrooms.mine"),
  ];
  const { id } = await client.chatrooms.create.mutate({ name: "room" });
  const observation = observe(socket.client, id);
  await until(() => observation.errors.length === 1, "the end of the observation");
  ids.push(toldId(observation.errors[0], "chatrooms.observe"));
  expect(served.log.map((entry) => entry["id"])).toEqual(ids);
  expect(served.log[0]).toMatchObject({
    level: "error",
    event: "fault",
    path: "chatrooms.mine",
    causes: [
      { name: "Error", message: "broken", stack: expect.arrayContaining([expect.stringMatching(/^at .*faults_test/)]) },
    ],
  });
  expect(JSON.stringify(served.log)).not.toContain("secret");
});

test("createServer() logs a fault in an event stream under the id that was told", async () => {
  await using served = await serveBroken();
  const { client, token } = await signUp(served.url);
  const { id } = await client.chatrooms.create.mutate({ name: "room" });
  const input = encodeURIComponent(JSON.stringify({ chatroomId: id }));
  const response = await fetch(`${served.url}/trpc/chatrooms.observe?input=${input}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const text = await response.text();
  const [, faultId] = /"faultId":"([^"]+)"/.exec(text) ?? [];
  expect(faultId).toBeString();
  expect(text).not.toContain("secret");
  expect(served.log.map((entry) => entry["id"])).toEqual([faultId]);
});

test("createServer() answers an authenticate that throws with a fault, over HTTP and sockets, and lives", async () => {
  let throws = true;
  await using served = await serve({
    authenticate: async () => {
      if (throws) throw new Error("secret");
      return { userId: "ann", sessionKey: "s" };
    },
  });
  const client = httpClient(served.url);
  const ids = [toldId(await thrownBy(client.chatrooms.mine.query()), "chatrooms.mine")];
  const raw = await RawClient.open(`${served.url.replace("http", "ws")}/trpc`);
  raw.send({ id: 1, method: "query", params: { path: "chatrooms.mine" } });
  expect((await raw.closed).code).toBe(1011);
  const [unread, answer] = (await raw.received(2)) as { id: number | null; error: { data: { faultId: string } } }[];
  expect([unread?.id, answer?.id]).toEqual([null, 1]);
  expect(answer?.error.data.faultId).toBe(unread?.error.data.faultId ?? "");
  ids.push(answer?.error.data.faultId ?? "");
  expect(served.log.map((entry) => entry["id"])).toEqual(ids);
  throws = false;
  expect(await client.chatrooms.mine.query()).toEqual({ chatrooms: [], cursor: null });
});

test("faultEntry() tells names, codes, first lines and frames of a fault and its causes", () => {
  const cause = Object.assign(new TypeError("inner\nvalues"), { code: "EINNER" });
  const { causes } = faultEntry(new Error("outer\nvalues", { cause })) as unknown as { causes: { stack: string[] }[] };
  expect(causes).toMatchObject([
    { name: "Error", message: "outer" },
    { name: "TypeError", code: "EINNER", message: "inner" },
  ]);
  expect(causes.flatMap(({ stack }) => stack).join("\n")).not.toContain("values");
  expect(faultEntry("text")).toEqual({
    level: "error",
    event: "fault",
    causes: [{ name: "string", message: "text", stack: [] }],
  });
});
