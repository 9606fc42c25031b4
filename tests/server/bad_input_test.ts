import { describe, expect, test } from "bun:test";
import type { ChatError } from "../../domain/mod.ts";
import { RawClient, until } from "../adapters/ws/_harness.ts";
import {
  ann,
  annToken,
  badInput,
  badText,
  bob,
  expectRefused,
  kept,
  refused,
  room,
  served,
  serveForAll,
} from "./_bad_input.ts";
import { bearer, observe, refusalOf, socketClient, sseClient } from "./_harness.ts";

serveForAll();

const post = (body: string, more: object = {}) =>
  ann.messages.post.mutate({ chatroomId: room as never, body, requestId: "r" as never, ...more });

describe("messages.post", () => {
  const table: [what: string, body: string, reason: string][] = [
    ["an empty body", "", "blank"],
    ["a body of spaces", "   \t\n", "blank"],
    ["a body of zero-width spaces", "\u200b\u200b", "blank"],
    ["a body of Hangul fillers", "\u3164\u3164", "blank"],
    ["a body of 4,001 characters", "가".repeat(4_001), "too_long"],
    ["a body of 4,001 emoji", "😀".repeat(4_001), "too_long"],
    ["a body with a lone high surrogate", "a\ud800b", "characters"],
    ["a body with a lone low surrogate", "\udc00", "characters"],
    ["a body with a NUL", "a\u0000b", "characters"],
  ];
  for (const [what, body, reason] of table) {
    test(`post() refuses ${what}`, () => expectRefused(() => post(body), badText("body", reason, 1, 4_000)));
  }

  test("post() takes 4,000 emoji, as they are", async () => {
    const body = "😀".repeat(4_000);
    expect((await post(body)).body).toBe(body);
    expect((await ann.messages.history.query({ chatroomId: room })).messages.map((message) => message.body)).toEqual([
      body,
    ]);
  });

  test("post() of 1 MB is too large", () =>
    expectRefused(() => post("x".repeat(1_000_000)), refused("PAYLOAD_TOO_LARGE", null)));

  const forms: [what: string, more: object, path: string][] = [
    ["a body that is a number", { body: 5 }, "body"],
    ["a body that is null", { body: null }, "body"],
    ["a body that is a list", { body: ["a"] }, "body"],
    ["no body", { body: undefined }, "body"],
    ["a field that is not known", { isAdmin: true }, ""],
    ["a requestId with a space", { requestId: "a b" }, "requestId"],
    ["an empty requestId", { requestId: "" }, "requestId"],
    ["a requestId of 65 characters", { requestId: "a".repeat(65) }, "requestId"],
    ["a replyTo that is no whole number", { replyTo: 1.5 }, "replyTo"],
    ["a replyTo of 0", { replyTo: 0 }, "replyTo"],
    ["a room id that is empty", { chatroomId: "" }, "chatroomId"],
    ["a room id with a NUL", { chatroomId: "a\u0000" }, "chatroomId"],
    ["a room id that is an object", { chatroomId: { $ne: null } }, "chatroomId"],
  ];
  for (const [what, more, path] of forms) {
    test(`post() refuses ${what}`, () => expectRefused(() => post("hello", more), badInput(path)));
  }

  test("post() refuses a reply to what is no message", () =>
    expectRefused(
      () => post("hello", { replyTo: 1 }),
      refused("NOT_FOUND", { code: "MESSAGE_MISSING", messageId: 1 as never }),
    ));

  test("post() answers the message of the first time, and refuses its requestId for another", async () => {
    const first = await post("hello");
    expect(await post("hello")).toEqual(first);
    const reused = refused("CONFLICT", { code: "REQUEST_REUSED", requestId: "r" as never });
    await expectRefused(() => post("other"), reused);
    await expectRefused(() => post("hello", { replyTo: first.id }), reused);
    await bob.messages.post.mutate({ chatroomId: room, body: "of bob", requestId: "r" });
  });
});

describe("rooms", () => {
  const missing = (chatroomId: string) =>
    refused("NOT_FOUND", { code: "CHATROOM_MISSING", chatroomId: chatroomId as never });

  for (const id of ["missing", "__proto__", "constructor"]) {
    test(`a room ${id} is missing, to read and to post`, async () => {
      await expectRefused(() => post("hello", { chatroomId: id }), missing(id));
      await expectRefused(() => ann.messages.history.query({ chatroomId: id }), missing(id));
      await expectRefused(() => ann.chatrooms.get.query({ chatroomId: id }), missing(id));
      await expectRefused(() => ann.chatrooms.join.mutate({ chatroomId: id }), missing(id));
    });
  }

  test("a room that was deleted is so to those who were members, and missing to others", async () => {
    const { id } = await bob.chatrooms.create.mutate({ name: "short-lived" });
    await bob.chatrooms.delete.mutate({ chatroomId: id });
    const deleted = refused("NOT_FOUND", { code: "CHATROOM_DELETED", chatroomId: id });
    await expectRefused(() => bob.messages.history.query({ chatroomId: id }), deleted);
    await expectRefused(() => bob.messages.post.mutate({ chatroomId: id, body: "a", requestId: "r" }), deleted);
    await expectRefused(() => ann.messages.history.query({ chatroomId: id }), missing(id));
    await expectRefused(() => ann.chatrooms.join.mutate({ chatroomId: id }), missing(id));
  });

  test("a room that one has not joined is neither read, observed nor posted to", async () => {
    const { id } = await bob.chatrooms.create.mutate({ name: "of bob" });
    const stranger = refused("FORBIDDEN", { code: "NOT_A_MEMBER", chatroomId: id });
    await expectRefused(() => post("hello", { chatroomId: id }), stranger);
    await expectRefused(() => ann.messages.history.query({ chatroomId: id }), stranger);
    const heard = observe(sseClient(served.url, annToken), id);
    await until(() => heard.errors.length === 1, "a refusal");
    expect(refusalOf(heard.errors[0])).toEqual(stranger);
  });

  test("create() refuses names and settings that do not fit", async () => {
    await expectRefused(() => ann.chatrooms.create.mutate({ name: " " }), badText("name", "blank", 1, 80));
    await expectRefused(
      () => ann.chatrooms.create.mutate({ name: "가".repeat(81) }),
      badText("name", "too_long", 1, 80),
    );
    const capacity = refused("BAD_REQUEST", { code: "CAPACITY_INVALID", min: 1, max: 100_000 });
    for (const value of [0, -1, 1.5, 1e9]) {
      await expectRefused(() => ann.chatrooms.create.mutate({ name: "a", capacity: value }), capacity);
    }
  });
});

describe("limits and places", () => {
  for (const limit of [0, -1, 1e9, 101, 1.5, "5", null]) {
    test(`a limit of ${JSON.stringify(limit)} is refused`, async () => {
      const more = { limit } as { limit: number };
      await expectRefused(() => ann.messages.history.query({ chatroomId: room, ...more }), badInput("limit"));
      await expectRefused(() => ann.chatrooms.list.query(more), badInput("limit"));
      await expectRefused(() => ann.chatrooms.members.query({ chatroomId: room, ...more }), badInput("limit"));
    });
  }

  for (const cursor of ["forged", "bnVsbA", btoa('["a"]'), btoa('["a",1]'), "\u0000", "가"]) {
    test(`a cursor of ${JSON.stringify(cursor)} is refused`, () =>
      expectRefused(
        () => ann.chatrooms.list.query({ cursor }),
        refused("BAD_REQUEST", { code: "PLACE_INVALID", field: "cursor" }),
      ));
  }

  for (const lastEventId of ["forged", "1", "memory00.-1", "memory00.1e3", "memory00.01", "MEMORY00.1"]) {
    test(`a lastEventId of ${lastEventId} is refused, over sockets and event streams`, async () => {
      await using socket = socketClient(served.url, annToken);
      for (const client of [socket.client, sseClient(served.url, annToken)]) {
        const heard = observe(client, room, lastEventId);
        await until(() => heard.errors.length === 1, "a refusal");
        expect(refusalOf(heard.errors[0])).toEqual(
          refused("BAD_REQUEST", { code: "PLACE_INVALID", field: "lastEventId" }),
        );
      }
    });
  }

  for (const [what, lastEventId] of [
    ["of another epoch", "another0.1"],
    ["ahead of the log", "memory00.99"],
  ] as const) {
    test(`a lastEventId ${what} brings a reset, over sockets and event streams`, async () => {
      await using socket = socketClient(served.url, annToken);
      for (const client of [socket.client, sseClient(served.url, annToken)]) {
        const heard = observe(client, room, lastEventId);
        await until(() => heard.events.length === 1, "a reset");
        expect(heard.events).toEqual([{ id: "memory00.2", kind: "reset" }]);
        heard.stop();
      }
    });
  }
});

describe("procedures and bodies", () => {
  /** Call by name, as no typed client can. */
  async function raw(method: string, path: string, body?: string, type = "application/json") {
    const response = await fetch(`${served.url}/trpc/${path}`, {
      method,
      headers: { ...bearer(annToken), ...(body === undefined ? {} : { "content-type": type }) },
      ...(body === undefined ? {} : { body }),
    });
    const { error } = (await response.json()) as { error: { data: { code: string; chatError: ChatError | null } } };
    expect(JSON.stringify(error)).not.toMatch(/stack|node_modules|\.ts/);
    return [response.status, error.data.code, error.data.chatError];
  }

  test("what is no procedure, or no such kind of one, is refused", async () => {
    const before = await kept();
    expect(await raw("GET", "messages.drop")).toEqual([404, "NOT_FOUND", null]);
    expect(await raw("GET", "__proto__")).toEqual([404, "NOT_FOUND", null]);
    expect(await raw("POST", "constructor.name", "{}")).toEqual([404, "NOT_FOUND", null]);
    expect(await raw("POST", "chatrooms.mine", "{}")).toEqual([405, "METHOD_NOT_SUPPORTED", null]);
    expect(await raw("GET", "messages.post?input=%7B%7D")).toEqual([405, "METHOD_NOT_SUPPORTED", null]);
    expect(await raw("PUT", "messages.post", "{}")).toEqual([405, "METHOD_NOT_SUPPORTED", null]);
    // Another spelling of a name would be judged by one name and called by another.
    for (const path of ["%E0%A4%A", "auth%2eme", "auth.me/", "/auth.me", "auth.me,"]) {
      expect(await raw("GET", path)).toEqual([404, "NOT_FOUND", null]);
    }
    expect(await kept()).toEqual(before);
  });

  test("bodies that are no JSON, no UTF-8 or of another type are refused", async () => {
    const before = await kept();
    expect(await raw("POST", "messages.post", "{")).toEqual([400, "BAD_REQUEST", null]);
    expect(await raw("POST", "messages.post", "{}", "text/plain")).toEqual([415, "UNSUPPORTED_MEDIA_TYPE", null]);
    expect(await raw("POST", "messages.post", "a=1", "application/x-www-form-urlencoded")).toEqual([
      415,
      "UNSUPPORTED_MEDIA_TYPE",
      null,
    ]);
    const deep = `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`;
    expect((await raw("POST", "messages.post", deep)).slice(0, 2)).toEqual([400, "BAD_REQUEST"]);
    const bytes = await fetch(`${served.url}/trpc/messages.post`, {
      method: "POST",
      headers: { ...bearer(annToken), "content-type": "application/json" },
      body: new Uint8Array([0x22, 0xff, 0x22]),
    });
    expect(bytes.status).toBe(400);
    expect(await kept()).toEqual(before);
  });

  test("an observation asked for as a query over a socket is refused", async () => {
    const socket = await RawClient.open(`${served.url.replace("http", "ws")}/trpc?connectionParams=1`);
    socket.send({ method: "connectionParams", data: { token: annToken } });
    socket.send({ id: 1, method: "query", params: { path: "chatrooms.observe", input: { chatroomId: room } } });
    socket.send({ id: 2, method: "query", params: { path: "messages.post", input: { chatroomId: room } } });
    const answers = (await socket.received(2)) as { error: { data: { code: string } } }[];
    // What a procedure is not, it is not found as.
    expect(answers.map(({ error }) => error.data.code)).toEqual(["NOT_FOUND", "NOT_FOUND"]);
    socket.close();
  });
});
