import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The project's own root. */
export const PROJECT: string = join(import.meta.dir, "../..");

/** The sources of a small project, by their paths. */
export type Tree = Readonly<Record<string, string>>;

/** Write the tree into a temporary folder, hand the folder over, and remove it afterwards. */
export async function withPlanted<T>(tree: Tree, use: (root: string) => Promise<T>): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), "sarangbang-planted-"));
  try {
    for (const [path, source] of Object.entries(tree)) await Bun.write(join(root, path), source);
    return await use(root);
  } finally {
    await rm(root, { recursive: true });
  }
}

/** How a command ended, and what it printed. */
export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Run a command in a folder; `env` is added to the environment, `undefined` takes a variable away. */
export async function run(
  command: string[],
  { cwd, env = {} }: { cwd: string; env?: Record<string, string | undefined> },
): Promise<Ended> {
  const child = Bun.spawn(command, { cwd, env: { ...process.env, ...env }, stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr] = await Promise.all([
    Bun.readableStreamToText(child.stdout),
    Bun.readableStreamToText(child.stderr),
  ]);
  await child.exited;
  return { exitCode: child.exitCode, stdout, stderr };
}
