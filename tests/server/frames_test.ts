import { expect, test } from "bun:test";
import { RawClient } from "../adapters/ws/_harness.ts";
import { serve, signUp } from "./_harness.ts";

const frames: [what: string, frame: string | Uint8Array<ArrayBuffer>, code: string][] = [
  ["that is binary", new Uint8Array([1, 2, 3]), "PARSE_ERROR"],
  ["of binary JSON", new TextEncoder().encode('{"id":1,"method":"query","params":{"path":"auth.me"}}'), "PARSE_ERROR"],
  ["that is no JSON", "{", "PARSE_ERROR"],
  ["that is empty", "", "PARSE_ERROR"],
  ["of a lone number", "7", "PARSE_ERROR"],
  ["of null", "null", "PARSE_ERROR"],
  ["with an id of __proto__ and no method", '{"id":"__proto__"}', "PARSE_ERROR"],
  ["nested 10,000 deep", `${"[".repeat(10_000)}${"]".repeat(10_000)}`, "PARSE_ERROR"],
  ["of an unknown method", '{"id":1,"method":"drop","params":{"path":"auth.me"}}', "PARSE_ERROR"],
  ["with no path", '{"id":1,"method":"query","params":{}}', "PARSE_ERROR"],
];

for (const [what, frame, code] of frames) {
  test(`createServer() refuses a frame ${what}, and its socket goes on`, async () => {
    await using served = await serve();
    const { token, user } = await signUp(served.url);
    const raw = await RawClient.open(`${served.url.replace("http", "ws")}/trpc?connectionParams=1`);
    raw.send({ method: "connectionParams", data: { token } });
    raw.send(frame);
    raw.send({ id: 2, method: "query", params: { path: "auth.me" } });
    const [refused, answer] = await raw.received(2);
    expect(refused).toMatchObject({ id: null, error: { data: { code, chatError: null, faultId: null } } });
    expect(JSON.stringify(refused)).not.toMatch(/stack|\.ts/);
    expect(answer).toMatchObject({ id: 2, result: { data: { id: user.id } } });
    expect(served.log).toEqual([]);
  });
}

test("createServer() takes __proto__ as the id of a call, and as a path that leads nowhere", async () => {
  await using served = await serve();
  const raw = await RawClient.open(`${served.url.replace("http", "ws")}/trpc`);
  raw.send({ id: "__proto__", method: "query", params: { path: "auth.me" } });
  for (const path of ["__proto__", "constructor", "auth.__proto__", "toString"]) {
    raw.send({ id: path, method: "query", params: { path } });
  }
  const answers = (await raw.received(5)) as { id: string; error: { data: { code: string } } }[];
  expect(Object.fromEntries(answers.map(({ id, error }) => [`id ${id}`, error.data.code]).slice(1))).toEqual({
    "id __proto__": "NOT_FOUND",
    "id constructor": "NOT_FOUND",
    "id auth.__proto__": "NOT_FOUND",
    "id toString": "NOT_FOUND",
  });
});
