import { fileURLToPath } from "node:url";

export const PROGRAM = fileURLToPath(new URL("./_child.ts", import.meta.url));

/** A child process that answers in lines. */
export interface Child {
  readonly pid: number;
  readonly exited: Promise<number>;
  /** The next line of its output; null at the end. */
  line(): Promise<string | null>;
  write(line: string): void;
  /** Let it come to its end by itself. */
  endInput(): void;
  /** End it at once, as a crash does. */
  crash(): Promise<void>;
}

/** Start `_child.ts`, behind `before` if that is given (a tracer, say). */
export function startChild(args: readonly string[], before: readonly string[] = []): Child {
  return startProgram([...before, process.execPath, PROGRAM, ...args]);
}

export function startProgram(command: readonly string[]): Child {
  const child = Bun.spawn([...command], { cwd: "/", stdin: "pipe", stdout: "pipe", stderr: "inherit" });
  const lines = linesOf(child.stdout);
  return {
    pid: child.pid,
    exited: child.exited,
    async line() {
      const { value } = await lines.next();
      return value ?? null;
    },
    write(line) {
      child.stdin.write(`${line}\n`);
      child.stdin.flush();
    },
    endInput: () => void child.stdin.end(),
    async crash() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, null> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of stream) {
    const text = rest + decoder.decode(bytes, { stream: true });
    const [last = "", ...lines] = text.split("\n").toReversed();
    yield* lines.toReversed();
    rest = last;
  }
  return null;
}
