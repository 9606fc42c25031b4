import { expect, test } from "bun:test";
import type { RoomChange } from "../../domain/mod.ts";
import { closeCodes } from "../../server/mod.ts";
import { gate, until } from "../adapters/ws/_harness.ts";
import {
  bearer,
  bodies,
  httpClient,
  observe,
  refusal,
  serve,
  signUp,
  socketClient,
  sseClient,
  testChat,
} from "./_harness.ts";

/** A server whose posts wait in the log until they are let through. */
async function serveHeld() {
  const made = testChat();
  const release = gate();
  let waiting = 0;
  const { log } = made.store;
  const held = new Proxy(log, {
    get(target, name) {
      if (name !== "append") return Reflect.get(target, name).bind?.(target) ?? Reflect.get(target, name);
      return async (...args: Parameters<typeof log.append>) => {
        if (args[2].some(({ kind }: Pick<RoomChange, "kind">) => kind === "message_posted")) {
          waiting++;
          await release.promise;
        }
        return target.append(...args);
      };
    },
  });
  const { chat } = testChat({ ...made.store, log: held, accounts: made.accounts, profiles: made.chat.profiles });
  return { served: await serve({ closeWithinMs: 5_000 }, { ...made, chat }), release, waiting: () => waiting };
}

test("Server.close() answers the posts under way, over HTTP and sockets, and closes what only observes", async () => {
  const { served, release, waiting } = await serveHeld();
  const { client, token } = await signUp(served.url);
  const { id } = await client.chatrooms.create.mutate({ name: "room" });
  await using poster = socketClient(served.url, token);
  await using observer = socketClient(served.url, token);
  const overSocket = observe(observer.client, id);
  const overSse = observe(sseClient(served.url, token), id);
  await until(() => overSocket.events.length === 1 && overSse.events.length === 1, "two cursors");
  const postBy = (from: typeof client, body: string) =>
    from.messages.post.mutate({ chatroomId: id, body, requestId: body.replace(" ", "_") });
  const posts = [postBy(client, "post 0")];
  await until(() => waiting() === 1, "the log to be asked");
  posts.push(postBy(poster.client, "post 1"));
  // Frames keep their order, so the post is under way once this is answered.
  await poster.client.chatrooms.mine.query();
  const closed = served.server.close();
  expect(served.server.state).toBe("stopping");
  await until(() => observer.closes.length > 0, "the observer's end");
  expect(observer.closes[0]).toBe(closeCodes.goingAway[0]);
  expect(poster.closes).toEqual([]);
  release.open();
  expect((await Promise.all(posts)).map(({ body }) => body)).toEqual(["post 0", "post 1"]);
  await closed;
  expect(served.server.state).toBe("stopped");
  await until(() => poster.closes.length > 0, "the poster's end");
  expect(poster.closes[0]).toBe(closeCodes.goingAway[0]);
  expect(bodies(overSocket)).toEqual([]);
  expect([overSocket, overSse].map(({ completed, errors }) => [completed, errors])).toEqual([
    [false, []],
    [false, []],
  ]);
  overSse.stop();
  overSocket.stop();
  await expect(fetch(`${served.url}/healthz`)).rejects.toThrow();
});

test("Server.close() refuses calls on connections that stay, and says on /readyz that it stops", async () => {
  const { served, release, waiting } = await serveHeld();
  const { client, token } = await signUp(served.url);
  const { id } = await client.chatrooms.create.mutate({ name: "room" });
  await using poster = socketClient(served.url, token);
  const post = poster.client.messages.post.mutate({ chatroomId: id, body: "post", requestId: "r" });
  await until(() => waiting() === 1, "the log to be asked");
  const ready = await KeptConnection.open(served.url);
  expect(await ready.get("/readyz")).toContain('"status":"ready"');
  const closed = served.server.close();
  expect(await ready.get("/readyz")).toMatch(/^HTTP\/1.1 503.*"server":"stopping"/s);
  expect(await refusal(poster.client.chatrooms.mine.query())).toEqual({
    code: "SERVICE_UNAVAILABLE",
    chatError: { code: "UNAVAILABLE", outcome: "none" },
  });
  expect(await ready.get("/trpc/chatrooms.mine")).toMatch(/^HTTP\/1.1 503.*"UNAVAILABLE"/s);
  release.open();
  expect((await post).body).toBe("post");
  await closed;
  ready.close();
});

test("Server.close() goes on when a call does not end in time", async () => {
  const made = testChat();
  let asked = 0;
  const profiles = {
    byIds() {
      asked++;
      return new Promise<never>(() => {});
    },
  };
  const served = await serve({ closeWithinMs: 50 }, { ...made, chat: { ...made.chat, profiles } });
  const { token } = await signUp(served.url);
  await using socket = socketClient(served.url, token);
  await socket.client.chatrooms.mine.query();
  const calls = Promise.all([
    refusal(socket.client.users.byIds.query({ userIds: [] })),
    refusal(httpClient(served.url, bearer(token)).users.byIds.query({ userIds: [] })),
  ]);
  await until(() => asked === 2, "both calls");
  await served.server.close();
  const cutOff = { code: undefined, chatError: undefined };
  expect(await calls).toEqual([cutOff, cutOff]);
});

test("Server.close() may be called twice, and before it listens", async () => {
  const served = await serve();
  const twice = [served.server.close(), served.server.close()];
  expect(twice[0]).toBe(twice[1] as Promise<void>);
  await Promise.all(twice);
});

/** A connection that is kept open between requests, whatever the client thinks of it. */
class KeptConnection {
  #text = "";
  #socket: Bun.Socket | null = null;

  static async open(url: string): Promise<KeptConnection> {
    const kept = new KeptConnection();
    const { hostname, port } = new URL(url);
    const data = (_: Bun.Socket, bytes: Uint8Array): void => {
      kept.#text += new TextDecoder().decode(bytes);
    };
    kept.#socket = await Bun.connect({ hostname, port: Number(port), socket: { data } });
    return kept;
  }

  async get(path: string): Promise<string> {
    this.#text = "";
    this.#socket?.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
    await until(() => /\r\n\r\n.*\}$/s.test(this.#text), `an answer to ${path}`);
    return this.#text;
  }

  close(): void {
    this.#socket?.end();
  }
}
