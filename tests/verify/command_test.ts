import { afterAll, expect, test } from "bun:test";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readArguments } from "../../tools/verify/arguments.ts";
import { verify } from "../../tools/verify/command.ts";
import { startOwnServer } from "../../tools/verify/own_server.ts";
import { parseTokens } from "../../tools/verify/people.ts";
import { STAFF } from "../../tools/verify/staff.ts";
import { shortLog, writeLog } from "./_short_log.ts";

const short = shortLog();
const tokensFile = join(short.path, "..", "tokens");
afterAll(() => short[Symbol.dispose]());

async function run(...argv: string[]): Promise<{ readonly code: number; readonly printed: string }> {
  let printed = "";
  const code = await verify(argv, {
    print: (text) => {
      printed += text;
    },
  });
  return { code, printed };
}

test.each<readonly [string, readonly string[], string]>([
  ["an option that there is not", ["--logs", "x"], "--help tells all options"],
  ["a log that is not there", ["--log", "/nowhere"], "Cannot read /nowhere"],
  ["a store that there is not", ["--log", short.path, "--store", "mongo"], "--store is embedded or memory, not mongo"],
  ["a server and a store", ["--log", short.path, "--url", "http://localhost:1", "--store", "memory"], "not both"],
  ["tokens of no server", ["--log", short.path, "--tokens", "x"], "give its --url too"],
  ["an address that is none", ["--log", short.path, "--url", "localhost:8080"], "like http://localhost:8080"],
  [
    "a number that is none",
    ["--log", short.path, "--in-flight", "many"],
    "--in-flight is a whole number from 1 to 256",
  ],
])("verify() tells what to do about %s, and answers 2", async (_, argv, advice) => {
  const { code, printed } = await run(...argv);
  expect(code).toBe(2);
  expect(printed).toContain(advice);
});

test("verify() answers 2 for a log in which nobody does anything", async () => {
  using empty = writeLog("nothing that is of a log\n");
  const { code, printed } = await run("--log", empty.path, "--store", "memory");
  expect(code).toBe(2);
  expect(printed).toContain("has no line of the format that --help shows");
});

test("verify() shows its usage when asked, and answers 0", async () => {
  const { code, printed } = await run("--help");
  expect(code).toBe(0);
  expect(printed).toStartWith("bun run verify [--log FILE]");
});

test("readArguments() takes a log of its own where none is named, and a server's address with or without /trpc", async () => {
  expect(await Bun.file(readArguments([])?.log ?? "").exists()).toBeTrue();
  for (const end of ["", "/", "/trpc", "/trpc/"]) {
    expect(readArguments(["--url", `http://localhost:8080${end}`])?.url).toBe("http://localhost:8080");
  }
});

test("verify() runs against a server that runs already, with tokens of its users", async () => {
  const server = await startOwnServer("memory");
  try {
    const people = await server.people.enroll([...Object.values(STAFF), "Ann", "someone", "someone else"]);
    const lines = [...people].map(([name, { token }]) => (name === "Ann" ? `Ann\t${token}` : token));
    writeFileSync(tokensFile, lines.join("\n"));
    const { code, printed } = await run("--log", short.path, "--url", server.url, "--tokens", tokensFile);
    expect({ code, printed }).toEqual({ code: 0, printed: expect.stringContaining("all 12 hold") });
    expect(printed).toContain(`on ${server.url}`);
    expect(printed).toMatch(/^users +3 and 4 who observe$/m);
  } finally {
    rmSync(tokensFile, { force: true });
    await server.close();
  }
}, 20_000);

test("verify() answers 2 for tokens that the server does not know", async () => {
  const server = await startOwnServer("memory");
  try {
    writeFileSync(tokensFile, "a\nb\nc\nd\ne\n");
    const { code, printed } = await run("--log", short.path, "--url", server.url, "--tokens", tokensFile);
    expect(code).toBe(2);
    expect(printed).toContain("The server does not know a token of --tokens (SIGNED_OUT)");
  } finally {
    await server.close();
  }
}, 20_000);

test("verify() answers 2 for a server that lets nobody sign up, and says that tokens are needed", async () => {
  const server = await startOwnServer("memory");
  try {
    const { code, printed } = await run("--log", short.path, "--url", server.url);
    expect(code).toBe(2);
    expect(printed).toContain("(ACCOUNTS_ELSEWHERE). Give tokens of users that it has: --tokens FILE");
  } finally {
    await server.close();
  }
}, 20_000);

test("parseTokens() reads lines and JSON, of named users and of any", () => {
  const expected = [
    { nick: "ann", token: "a" },
    { nick: null, token: "b" },
  ];
  expect(parseTokens("ann\ta\r\n\nb\n")).toEqual(expected);
  expect(parseTokens('{"ann": "a"}')).toEqual(expected.slice(0, 1));
  expect(parseTokens('["b"]')).toEqual(expected.slice(1));
  expect(() => parseTokens('{"ann": 1}')).toThrow("The file of --tokens has lines");
  expect(() => parseTokens("")).toThrow("The file of --tokens has lines");
});
