import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

/** A program that was started, and what it has written. */
export interface Program extends AsyncDisposable {
  readonly child: Bun.Subprocess;
  readonly pid: number;
  stdout(): string;
  stderr(): string;
  /** Wait for the address that it prints; throws with what it wrote if it ends before. */
  url(): Promise<string>;
  /** Wait for its end and for all that it wrote. */
  exited(): Promise<number>;
}

/** Start the program with no variables but these. */
export function run(environment: Record<string, string>): Program {
  const child = Bun.spawn([process.execPath, MAIN], {
    env: { PATH: process.env["PATH"] ?? "", ...environment },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const written = { stdout: "", stderr: "" };
  const reading = Promise.all([gather(child.stdout, "stdout"), gather(child.stderr, "stderr")]);

  async function gather(stream: ReadableStream<Uint8Array>, name: keyof typeof written): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) written[name] += decoder.decode(chunk, { stream: true });
  }

  return {
    child,
    pid: child.pid,
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    async url() {
      for (;;) {
        const [, url] = /curl -sS (http:\S+?)\/trpc/.exec(written.stdout) ?? [];
        if (url) return url;
        if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${written.stderr}`);
        await Bun.sleep(2);
      }
    },
    async exited() {
      const code = await child.exited;
      await reading;
      return code;
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

/** A folder that goes with the test. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "sarangbang-main-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
