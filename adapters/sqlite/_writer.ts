import type { Reply } from "./_group_commit.ts";
import { assertWellFormed } from "./_well_formed.ts";
import type { Writes } from "./_writes.ts";
import type { ToWriter } from "./writer_worker.ts";

/** Whoever waits for a write. */
interface Waiting {
  resolve(answer: unknown): void;
  reject(fault: Error): void;
}

export interface WriterOptions {
  /** The folder, for messages, and its file. */
  readonly folder: string;
  readonly file: string;
  readonly maxPages: number | null;
  /** Told once if the Worker ends by itself; nothing can be written from then on. */
  readonly onFault: (fault: Error) => void;
  /** Makes the Worker. */
  readonly spawn?: () => Worker;
}

/** Hands writes to the Worker, in the order in which they are asked, and answers each when it is on the disk. */
export class Writer {
  readonly #options: WriterOptions;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #asked: string[] = [];
  #ids = 0;
  #commits = 0;
  #answered: { opened: Waiting | null; closed: Waiting | null } = { opened: null, closed: null };
  /** Why nothing more is taken. */
  #ended: Error | null = null;
  #closing: Promise<void> | null = null;

  private constructor(options: WriterOptions) {
    this.#options = options;
    this.#worker = (options.spawn ?? spawnWriter)();
    let fault = "";
    this.#worker.addEventListener("message", ({ data }: MessageEvent<string>) => this.#take(data));
    this.#worker.addEventListener("error", ({ message }) => {
      // The message shows lines of source before it comes to the matter.
      fault = `: ${/^.*error: .*$/im.exec(message)?.[0] ?? message}`;
    });
    this.#worker.addEventListener("close", () => this.#fail(fault));
  }

  static async start(options: WriterOptions): Promise<Writer> {
    const writer = new Writer(options);
    const { file, maxPages } = options;
    await new Promise((resolve, reject) => {
      writer.#answered.opened = { resolve, reject };
      writer.#post({ open: { file, maxPages } });
    });
    return writer;
  }

  /** How many transactions have been committed. */
  get commits(): number {
    return this.#commits;
  }

  /** Carry out a write; rejects if it could not be done, and then nothing of it is left. */
  async write<Name extends keyof Writes>(
    name: Name,
    ...args: Parameters<Writes[Name]>
  ): Promise<ReturnType<Writes[Name]>> {
    if (this.#ended) throw this.#ended;
    assertWellFormed(args);
    const id = ++this.#ids;
    const request = JSON.stringify([id, name, args]);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject });
      // All that is asked within one tick travels as one message.
      if (this.#asked.push(request) === 1) queueMicrotask(() => this.#flush());
    });
  }

  /** Finish what has been asked, cut off the write-ahead log, and end the Worker. */
  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async #finish(): Promise<void> {
    if (this.#ended) return;
    this.#ended = new Error(`the store in ${this.#options.folder} is closed; open it again to write to it`);
    this.#flush();
    await new Promise((resolve, reject) => {
      this.#answered.closed = { resolve, reject };
      this.#post({ close: true });
    });
    this.#worker.terminate();
  }

  #flush(): void {
    const asked = this.#asked.splice(0);
    if (asked.length > 0) this.#worker.postMessage(`[${asked.join(",")}]`);
  }

  #post(message: ToWriter): void {
    this.#worker.postMessage(JSON.stringify(message));
  }

  #take(text: string): void {
    const message = JSON.parse(text) as "opened" | "closed" | readonly Reply[];
    if (typeof message === "string") {
      this.#answered[message]?.resolve(null);
      return;
    }
    if (message.some(([, , fault]) => fault === undefined)) this.#commits++;
    for (const [id, answer, fault] of message) {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (fault === undefined) waiting?.resolve(answer);
      else waiting?.reject(new Error(`the store in ${this.#options.folder} could not write: ${fault}`));
    }
  }

  /** The Worker is gone. Unless it was asked to go, whoever waits is told, and whoever comes. */
  #fail(fault: string): void {
    const { opened, closed } = this.#answered;
    const unexpected = this.#closing === null || this.#waiting.size > 0;
    const error = new Error(
      `the writer of the store in ${this.#options.folder} ended by itself${fault}; what was being written may be on the disk or not: open the store again`,
    );
    this.#ended ??= error;
    opened?.reject(error);
    closed?.reject(error);
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    if (unexpected) this.#options.onFault(error);
  }
}

/**
 * A compiled program is one module at the top; the Worker, named as a second entry of `bun build --compile`, keeps its
 * place.
 */
function spawnWriter(): Worker {
  if (import.meta.url.includes("/$bunfs/"))
    return new Worker(new URL("./adapters/sqlite/writer_worker.ts", import.meta.url));
  return new Worker(new URL("./writer_worker.ts", import.meta.url));
}
