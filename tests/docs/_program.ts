import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROJECT } from "../architecture/_planted.ts";
import { codeBlocks, readDocument } from "./_markdown.ts";

/** Files by their paths. */
export type Files = Readonly<Record<string, string>>;

/** What the programs in the documents import, as seen from the checkout's root. */
const SEEN = ["adapters", "application", "domain", "node_modules", "server"];

/** The names of the README's TypeScript blocks, in their order. */
const NAMES = ["hello.ts", "window.ts", "explain.ts", "host.ts"] as const;

/** The README's TypeScript blocks. */
export async function readmePrograms(): Promise<Readonly<Record<(typeof NAMES)[number], string>>> {
  const blocks = codeBlocks(await readDocument("README.md")).filter(({ language }) => language === "ts");
  if (blocks.length !== NAMES.length) throw new Error(`the README has ${blocks.length} programs, not ${NAMES.length}`);
  const [hello, window, explain, host] = blocks.map(({ source }) => source) as [string, string, string, string];
  return { "hello.ts": hello, "window.ts": window, "explain.ts": explain, "host.ts": host };
}

/** Put files into a folder `try` beside the project's folders, as the README says; hand that over, and remove it afterwards. */
export async function besideTheProject<T>(files: Files, use: (folder: string) => Promise<T>): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), "sarangbang-docs-"));
  try {
    for (const folder of SEEN) await symlink(join(PROJECT, folder), join(root, folder));
    await Bun.write(join(root, "package.json"), `{ "type": "module" }`);
    const folder = join(root, "try");
    for (const [path, source] of Object.entries(files)) await Bun.write(join(folder, path), source);
    return await use(folder);
  } finally {
    await rm(root, { recursive: true });
  }
}

/** A program that serves until it is told to end. */
export interface Serving {
  readonly url: string;
  /** End it by a signal, SIGTERM if none is named; answers its exit code. */
  stop(signal?: "SIGTERM" | "SIGINT"): Promise<number>;
}

/** Start a program that prints the address it serves at. */
export async function serve(
  program: string,
  { cwd, env = {} }: { cwd: string; env?: Record<string, string> },
): Promise<Serving> {
  const command = [process.execPath, program];
  const child = Bun.spawn(command, { cwd, env: { ...process.env, ...env }, stdout: "pipe", stderr: "pipe" });
  const url = await addressIn(child.stdout);
  if (url === null) throw new Error(`${program} served nothing: ${await Bun.readableStreamToText(child.stderr)}`);
  return {
    url,
    async stop(signal = "SIGTERM") {
      child.kill(signal);
      return child.exited;
    },
  };
}

async function addressIn(output: ReadableStream<Uint8Array>): Promise<string | null> {
  let said = "";
  const decoder = new TextDecoder();
  for await (const bytes of output) {
    said += decoder.decode(bytes, { stream: true });
    const [, url] = /(http:\/\/[\w.[\]:-]+:\d+)[^\d]/.exec(said) ?? [];
    if (url !== undefined) return url;
  }
  return null;
}
