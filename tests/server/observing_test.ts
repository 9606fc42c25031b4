import { expect, test } from "bun:test";
import { authenticateBy, createServer } from "../../server/mod.ts";
import { until } from "../adapters/ws/_harness.ts";
import { bodies, observe, serve, signUp, socketClient, sseClient, testChat } from "./_harness.ts";

/** Two users in a room, one over a socket and one over server-sent events. */
async function twoInARoom(url: string) {
  const [ann, bob] = await Promise.all([signUp(url), signUp(url)]);
  const { id } = await ann.client.chatrooms.create.mutate({ name: "room" });
  await bob.client.chatrooms.join.mutate({ chatroomId: id });
  const socket = socketClient(url, ann.token);
  return {
    ann,
    bob,
    id,
    socket,
    overSocket: observe(socket.client, id),
    overSse: observe(sseClient(url, bob.token), id),
  };
}

test("createServer() shows a post to those who observe, over sockets and server-sent events alike", async () => {
  await using served = await serve();
  const { ann, bob, id, socket, overSocket, overSse } = await twoInARoom(served.url);
  await using _ = socket;
  await until(() => overSocket.events.length === 1 && overSse.events.length === 1, "both cursors");
  const posts = Array.from({ length: 20 }, (_, n) => `post ${n}`);
  for (const [n, body] of posts.entries()) {
    const from = [ann.client, bob.client, socket.client][n % 3];
    await from?.messages.post.mutate({ chatroomId: id, body, requestId: `r${n}` });
  }
  await until(() => bodies(overSocket).length === 20 && bodies(overSse).length === 20, "all posts at both");
  expect(bodies(overSocket)).toEqual(posts);
  expect(overSse.events).toEqual(overSocket.events);
  overSse.stop();
  overSocket.stop();
  expect(served.faults).toEqual([]);
  expect(served.log).toEqual([]);
});

test("createServer() lets both kinds of observers go on behind what they saw when the server comes again", async () => {
  const first = await serve();
  const { ann, id, socket, overSocket, overSse } = await twoInARoom(first.url);
  await using _ = socket;
  await until(() => overSocket.events.length === 1 && overSse.events.length === 1, "both cursors");
  await ann.client.messages.post.mutate({ chatroomId: id, body: "before", requestId: "before" });
  await until(() => bodies(overSocket).length === 1 && bodies(overSse).length === 1, "the post at both");
  const port = Number(new URL(first.url).port);
  await first.server.close();
  const { ports, ...second } = revived(first);
  await using __ = { [Symbol.asyncDispose]: () => second.server.close() };
  await second.server.listen({ port });
  await ann.client.messages.post.mutate({ chatroomId: id, body: "after", requestId: "after" });
  await until(() => bodies(overSocket).length === 2 && bodies(overSse).length === 2, "both posts at both");
  expect(bodies(overSocket)).toEqual(["before", "after"]);
  expect(bodies(overSse)).toEqual(["before", "after"]);
  const told = [overSocket, overSse].flatMap(({ errors, completed }) => [errors.length, completed]);
  expect(told).toEqual([0, false, 0, false]);
  expect(ports.log).toBe(first.store.log);
  overSse.stop();
  overSocket.stop();
});

/** Another server over what the first one kept. */
function revived({ store, accounts, chat }: Awaited<ReturnType<typeof serve>>) {
  const ports = { ...store, accounts, profiles: chat.profiles, rateLimits: chat.rateLimits };
  return {
    ports,
    server: createServer({ chat: testChat(ports).chat, authenticate: authenticateBy(accounts.sessions) }),
  };
}
