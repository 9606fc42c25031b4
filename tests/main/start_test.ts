import { expect, test } from "bun:test";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run, temporaryFolder } from "./_process.ts";

test("main.ts prints a first step that works as it is printed", async () => {
  await using folder = await temporaryFolder();
  await using program = run({ PORT: "0", DATA_DIR: folder.path });
  const url = await program.url();
  const command = program
    .stdout()
    .split("\n")
    .find((line) => line.trim().startsWith("curl "));
  const shell = Bun.spawn(["sh", "-c", command ?? ""], { stdout: "pipe" });
  const { result } = JSON.parse(await new Response(shell.stdout).text());
  expect(result.data.user.username).toStartWith("guest-");
  const me = await fetch(`${url}/trpc/auth.me`, { headers: { authorization: `Bearer ${result.data.token}` } });
  expect(((await me.json()) as { result: { data: { id: string } } }).result.data.id).toBe(result.data.user.id);
  expect(await (await fetch(`${url}/readyz`)).json()).toEqual({
    status: "ready",
    parts: { server: "ok", store: "ok", accounts: "ok" },
  });
  program.child.kill("SIGINT");
  expect(await program.exited()).toBe(0);
});

test("main.ts keeps its store in memory where it is told to", async () => {
  await using folder = await temporaryFolder();
  await using program = run({ PORT: "0", STORE: "memory", DATA_DIR: join(folder.path, "none") });
  await program.url();
  expect(program.stdout()).toContain("in memory: gone when this process ends");
  expect(await Bun.file(join(folder.path, "none", "sarangbang.sqlite")).exists()).toBe(false);
});

test("main.ts refuses a folder that another process has, and names that process", async () => {
  await using folder = await temporaryFolder();
  await using first = run({ PORT: "0", DATA_DIR: folder.path });
  await first.url();
  await using second = run({ PORT: "0", DATA_DIR: folder.path });
  expect(await second.exited()).toBe(1);
  expect(second.stderr()).toMatch(
    new RegExp(`^DATA_DIR: the store in ${folder.path} is in use by process ${first.pid} since \\S+; [^\\n]+\\n$`),
  );
});

test("main.ts refuses a port that is in use, and lets go of its folder", async () => {
  await using folder = await temporaryFolder();
  const taken = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
  await using program = run({ PORT: String(taken.port), DATA_DIR: folder.path });
  expect(await program.exited()).toBe(1);
  expect(program.stderr()).toBe(
    `PORT: ${taken.port} of 127.0.0.1 is in use; end what uses it, or choose another port\n`,
  );
  await taken.stop(true);
  await using again = run({ PORT: "0", DATA_DIR: folder.path });
  await again.url();
});

test("main.ts refuses an address that is not of this machine", async () => {
  await using program = run({ PORT: "0", HOST: "203.0.113.7", STORE: "memory" });
  expect(await program.exited()).toBe(1);
  expect(program.stderr()).toBe(
    "HOST: 203.0.113.7 is no address of this machine; choose one that is, or 0.0.0.0 for all\n",
  );
});

test("main.ts refuses a folder that is a file, or a store that is none, in one line", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "file");
  await writeFile(file, "");
  await using program = run({ PORT: "0", DATA_DIR: file });
  expect(await program.exited()).toBe(1);
  expect(program.stderr()).toMatch(/^DATA_DIR: [^\n]+ choose another folder\n$/);
  await writeFile(join(folder.path, "sarangbang.sqlite"), "this is no database".repeat(1_000));
  await chmod(join(folder.path, "sarangbang.sqlite"), 0o600);
  await using damaged = run({ PORT: "0", DATA_DIR: folder.path });
  expect(await damaged.exited()).toBe(1);
  expect(damaged.stderr()).toMatch(/^DATA_DIR: the store in [^\n]+ is damaged [^\n]+\n$/);
});
