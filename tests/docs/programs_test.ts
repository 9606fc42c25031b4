import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROJECT, run } from "../architecture/_planted.ts";
import { besideTheProject, readmePrograms, type Serving, serve } from "./_program.ts";

/** Milliseconds that starting, signing up and running may take on a busy machine. */
const PATIENCE = 60_000;

const programs = await readmePrograms();

describe("the README's client programs", () => {
  let folder: string;
  let server: Serving;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sarangbang-data-"));
    const env = { PORT: "0", HOST: "127.0.0.1", STORE: "embedded", DATA_DIR: folder, NODE_ENV: "production" };
    server = await serve(join(PROJECT, "main.ts"), { cwd: folder, env });
  }, PATIENCE);

  afterAll(async () => {
    expect(await server.stop()).toBe(0);
    await rm(folder, { recursive: true });
  }, PATIENCE);

  async function output(program: string, files: Readonly<Record<string, string>>): Promise<string[]> {
    const command = [process.execPath, program, `${server.url}/trpc`];
    const { exitCode, stdout, stderr } = await besideTheProject(files, (folder) => run(command, { cwd: folder }));
    expect([exitCode, stderr]).toEqual([0, ""]);
    return stdout.trimEnd().split("\n");
  }

  test(
    "print what the room observed",
    async () => {
      const [cursor = "", ...messages] = await output("hello.ts", programs);
      expect(cursor).toMatch(/^[a-z0-9]{8}\.1 cursor$/);
      expect(messages).toEqual([`${cursor.slice(0, 8)}.2 Hello!`]);
    },
    PATIENCE,
  );

  test(
    "keep a window of a room, and explain refusals and the end",
    async () => {
      expect(await output("driver.ts", { ...programs, "driver.ts": DRIVER })).toEqual([
        "1 []",
        "2 [one]",
        "Join the room first.",
        "body: 1 to 4000 characters, please (blank).",
        "3 [one]",
        "There is no such room any more.",
      ]);
    },
    PATIENCE,
  );
});

describe("the README's host program", () => {
  test(
    "serves the users of a host, and none of its own",
    async () => {
      const yours = `const yours = {
      session: async (cookie: string | null) => (cookie === "id=7" ? { id: "7", userId: "ann" } : null),
      profiles: async (ids: readonly UserId[]) => ids.map((id) => ({ id, username: "ann", displayName: "Ann" })),
    };`;
      const hosted = programs["host.ts"].replace(/declare const yours: \{[\s\S]*?^\};/m, yours).replace("8081", "0");
      await besideTheProject({ "host.ts": hosted }, async (folder) => {
        const host = await serve("host.ts", { cwd: folder });
        const me = async (headers: HeadersInit) => (await fetch(`${host.url}/trpc/auth.me`, { headers })).json();
        expect(await me({ cookie: "id=7" })).toMatchObject({ result: { data: { id: "ann", displayName: "Ann" } } });
        expect(await me({})).toMatchObject({ error: { data: { chatError: { code: "SIGNED_OUT" } } } });
        expect(await host.stop("SIGINT")).toBe(0);
      });
    },
    PATIENCE,
  );
});

const DRIVER = `
import { createTRPCClient, createWSClient, httpBatchLink, wsLink } from "@trpc/client";
import type { AppRouter } from "../adapters/trpc/mod.ts";
import { explain } from "./explain.ts";
import { watch } from "./window.ts";

const url = String(process.argv[2]);
const accounts = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url })] });
async function signUp(username: string) {
  const { token } = await accounts.auth.signUp.mutate({ username, password: "correct horse battery staple" });
  const client = createWSClient({ url: url.replace(/^http/, "ws"), connectionParams: { token } });
  return { client, chat: createTRPCClient<AppRouter>({ links: [wsLink({ client })] }) };
}
const [owner, visitor] = [await signUp("owner"), await signUp("visitor")];
const refusal = (call: Promise<unknown>) => call.catch((error) => console.log(explain(error)));

const { id: chatroomId } = await owner.chat.chatrooms.create.mutate({ name: "A room" });
const listener = {
  window: ({ asOf, messages }) => console.log(\`\${asOf} [\${messages.map(({ body }) => body)}]\`),
  reset: () => console.log("reset"),
  error: (error: unknown) => {
    console.log(explain(error));
    owner.client.close();
    visitor.client.close();
  },
};
let seen = () => {};
const two = new Promise<void>((resolve) => { seen = resolve; });
await watch(owner.chat, chatroomId, { ...listener, window: (window) => { listener.window(window); if (window.asOf === 2) seen(); } });
await owner.chat.messages.post.mutate({ chatroomId, body: "one", requestId: "1" });
await two;
await refusal(visitor.chat.messages.post.mutate({ chatroomId, body: "two", requestId: "2" }));
await refusal(owner.chat.messages.post.mutate({ chatroomId, body: " ", requestId: "3" }));
await owner.chat.chatrooms.delete.mutate({ chatroomId });
`;
