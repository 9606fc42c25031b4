import { expect, test } from "bun:test";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Ended, PROJECT, run } from "../architecture/_planted.ts";
import { codeBlocks, readDocument } from "./_markdown.ts";
import { type Serving, serve } from "./_program.ts";

/** Milliseconds that starting twice and signing up may take on a busy machine. */
const PATIENCE = 60_000;

test(
  "the README's commands make a backup of a running server, and put it back as another life of the store",
  async () => {
    const [backup, restore] = await commands();
    const folder = await mkdtemp(join(tmpdir(), "sarangbang-backup-"));
    try {
      const first = await startIn(folder);
      const token = await signUp(first, "before");
      const before = await createRoom(first, token);
      await inShell(folder, backup);
      expect(await mode(join(folder, "backup.sqlite"))).toBe("600");
      await signUp(first, "after");
      await first.stop();
      await inShell(folder, restore);
      expect(await mode(join(folder, "data/sarangbang.sqlite"))).toBe("600");

      const second = await startIn(folder);
      expect(await signUp(second, "after")).toBeString();
      const after = await snapshot(second, token, before.chatroomId);
      expect(after.sequence).toBe(before.sequence);
      expect(after.epoch).not.toBe(before.epoch);
      expect(await second.stop()).toBe(0);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
  PATIENCE,
);

test("the README's commands fail where there is no store, no backup, or a backup already", async () => {
  const [backup, restore] = await commands();
  const folder = await mkdtemp(join(tmpdir(), "sarangbang-backup-"));
  try {
    expect((await shell(folder, backup)).exitCode).not.toBe(0);
    expect(await readdir(folder)).toEqual([]);
    await Bun.write(join(folder, "data/sarangbang.sqlite"), "");
    expect((await shell(folder, restore)).exitCode).not.toBe(0);
    expect(await readdir(join(folder, "data"))).toEqual(["sarangbang.sqlite"]);
    await Bun.write(join(folder, "backup.sqlite"), "another");
    expect((await shell(folder, backup)).exitCode).not.toBe(0);
    expect(await Bun.file(join(folder, "backup.sqlite")).text()).toBe("another");
  } finally {
    await rm(folder, { recursive: true });
  }
});

async function commands(): Promise<[backup: string, restore: string]> {
  const blocks = codeBlocks(await readDocument("README.md")).filter(({ language }) => language === "sh");
  const [backup, restore] = ["VACUUM INTO", "DELETE FROM meta"].map(
    (part) => blocks.find(({ source }) => source.includes(part))?.source,
  );
  if (!backup || !restore) throw new Error("the README does not tell how to make a backup and how to put it back");
  return [backup, restore];
}

/** Start the program as the README does, with its data where it puts them by default. */
function startIn(folder: string): Promise<Serving> {
  const env = { PORT: "0", HOST: "", STORE: "", DATA_DIR: "" };
  return serve(join(PROJECT, "main.ts"), { cwd: folder, env });
}

function shell(cwd: string, commands: string): Promise<Ended> {
  return run(["sh", "-ec", commands.replaceAll(/^bun /gm, `"${process.execPath}" `)], { cwd });
}

async function inShell(cwd: string, commands: string): Promise<void> {
  const { exitCode, stderr } = await shell(cwd, commands);
  expect([exitCode, stderr]).toEqual([0, ""]);
}

async function mode(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

async function signUp(server: Serving, username: string): Promise<string> {
  return (await call<{ token: string }>(server, "auth.signUp", { username, password: "correct horse" })).token;
}

async function createRoom(server: Serving, token: string): Promise<Snapshot> {
  const { id } = await call<{ id: string }>(server, "chatrooms.create", { name: "A room" }, token);
  return snapshot(server, token, id);
}

interface Snapshot {
  readonly chatroomId: string;
  readonly epoch: string;
  readonly sequence: string;
}

async function snapshot({ url }: Serving, token: string, chatroomId: string): Promise<Snapshot> {
  const input = encodeURIComponent(JSON.stringify({ chatroomId }));
  const answer = await fetch(`${url}/trpc/chatrooms.get?input=${input}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const { result } = (await answer.json()) as { result: { data: { asOf: string } } };
  const [epoch = "", sequence = ""] = result.data.asOf.split(".");
  return { chatroomId, epoch, sequence };
}

async function call<T>({ url }: Serving, path: string, input: object, token?: string): Promise<T> {
  const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
  const answer = await fetch(`${url}/trpc/${path}`, { method: "POST", headers, body: JSON.stringify(input) });
  const { result, error } = (await answer.json()) as { result?: { data: T }; error?: { message: string } };
  if (!result) throw new Error(`${path}: ${error?.message}`);
  return result.data;
}
