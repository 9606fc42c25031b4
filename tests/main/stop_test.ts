import { expect, test } from "bun:test";
import { until } from "../adapters/ws/_harness.ts";
import type { Client } from "../server/_harness.ts";
import { bodies, observe, refusal, signUp, socketClient, sseClient } from "../server/_harness.ts";
import { type Program, run, temporaryFolder } from "./_process.ts";

/** Post one message after another, as fast as they are answered, and keep which were. */
function postOnAndOn(client: Client, chatroomId: string, name: string): string[] {
  const acknowledged: string[] = [];
  async function post(n: number): Promise<void> {
    const body = `${name} ${n}`;
    await client.messages.post.mutate({ chatroomId, body, requestId: `${name}-${n}` });
    acknowledged.push(body);
    return post(n + 1);
  }
  // Ends with the server, or waits for another one.
  post(0).catch(() => {});
  return acknowledged;
}

/** All messages of a room, and that their ordinals have no hole. */
async function wholeHistory(client: Client, chatroomId: string): Promise<string[]> {
  const found: string[] = [];
  let after = 0;
  let ordinal = 0;
  for (;;) {
    const { messages } = await client.messages.history.query({ chatroomId, after, limit: 100 });
    for (const message of messages) {
      expect(message.ordinal).toBe(++ordinal);
      if (ordinal > 1) expect<number>(message.sequence).toBe(after + 1);
      after = message.sequence;
      found.push(message.body);
    }
    if (messages.length < 100) return found;
  }
}

/** Have two authors post and two observers watch while the program ends by a signal; answers what was acknowledged. */
async function endWhilePosting(program: Program, signal: "SIGTERM" | "SIGKILL") {
  const url = await program.url();
  const { client, token } = await signUp(url);
  const { id } = await client.chatrooms.create.mutate({ name: "room" });
  await using socket = socketClient(url, token);
  const [overSocket, overSse] = [observe(socket.client, id), observe(sseClient(url, token), id)];
  await until(() => overSocket.events.length === 1 && overSse.events.length === 1, "two cursors");
  await using poster = socketClient(url, token);
  const authors = [postOnAndOn(poster.client, id, "socket"), postOnAndOn(client, id, "http")];
  await until(() => authors.every((acknowledged) => acknowledged.length >= 20), "some posts");
  program.child.kill(signal);
  const code = await program.exited();
  overSocket.stop();
  overSse.stop();
  const seen = [...bodies(overSocket), ...bodies(overSse)];
  return { id, token, code, seen, acknowledged: authors.flat() };
}

for (const signal of ["SIGTERM", "SIGKILL"] as const) {
  test(`main.ts ended by ${signal} while posts are under way has lost nothing that was answered or seen`, async () => {
    await using folder = await temporaryFolder();
    await using program = run({ PORT: "0", DATA_DIR: folder.path });
    const { id, token, code, acknowledged, seen } = await endWhilePosting(program, signal);
    expect(code).toBe(signal === "SIGTERM" ? 0 : 137);
    if (signal === "SIGTERM")
      expect(program.stderr()).toMatch(/^\{"at":"[^"]+","level":"info","event":"stopping"[^\n]+\n$/);
    await using again = run({ PORT: "0", DATA_DIR: folder.path });
    const url = await again.url();
    await using socket = socketClient(url, token);
    const found = new Set(await wholeHistory(socket.client, id));
    expect([...acknowledged, ...seen].filter((body) => body !== undefined && !found.has(body))).toEqual([]);
  });
}

test("main.ts answers each post that was under way at SIGTERM, and each answered post is durable", async () => {
  await using folder = await temporaryFolder();
  await using program = run({ PORT: "0", DATA_DIR: folder.path });
  const url = await program.url();
  const { client, token } = await signUp(url);
  const { id } = await client.chatrooms.create.mutate({ name: "room" });
  await using socket = socketClient(url, token);
  await socket.client.chatrooms.mine.query();
  const posts = Array.from({ length: 90 }, (_, n) =>
    socket.client.messages.post.mutate({ chatroomId: id, body: `post ${n}`, requestId: `r${n}` }),
  );
  // The first answer shows that the frame with all of them has been read.
  await posts[0];
  program.child.kill("SIGTERM");
  expect((await Promise.all(posts)).map(({ body }) => body)).toEqual(posts.map((_, n) => `post ${n}`));
  expect(await program.exited()).toBe(0);
  await using again = run({ PORT: "0", DATA_DIR: folder.path });
  await using reader = socketClient(await again.url(), token);
  expect(await wholeHistory(reader.client, id)).toEqual(posts.map((_, n) => `post ${n}`));
});

test("main.ts exits at once on a second signal", async () => {
  await using program = run({ PORT: "0", STORE: "memory", STOP_WITHIN_MS: "600000" });
  await using socket = socketClient(await program.url(), null);
  // Hashing takes each of them some tenths of a second.
  const password = "a long password";
  for (let n = 0; n < 50; n++) socket.client.auth.signUp.mutate({ username: `user${n}`, password }).catch(() => {});
  // A refusal that takes no time shows that the frame with all of them has been read.
  await refusal(socket.client.auth.me.query());
  program.child.kill("SIGTERM");
  await until(() => program.stderr().includes("stopping"), "the first signal");
  program.child.kill("SIGTERM");
  expect(await program.exited()).toBe(1);
});
