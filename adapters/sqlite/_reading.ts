import type { Database } from "bun:sqlite";
import { type Tables, tablesOf } from "./_connection.ts";

/**
 * How long, in milliseconds, reads may keep the event loop from everything else before the next of them waits for its
 * turn.
 */
const BUDGET = 2;

/**
 * Reads of one connection, on the event loop. A read is done when it is asked for, but a caller that reads on and on,
 * as a replay does, lets sockets and the answers of writes be served in between.
 */
export class Reading {
  readonly tables: Tables;
  readonly #connection: Database;
  readonly #folder: string;
  /**
   * How long reads have taken since the event loop turned, and when it will have turned; null where nothing was read.
   */
  #spent = 0;
  #turn: Promise<void> | null = null;
  #closed = false;

  constructor(connection: Database, folder: string) {
    this.#connection = connection;
    this.#folder = folder;
    this.tables = tablesOf(connection);
  }

  async run<T>(statement: () => T): Promise<T> {
    while (this.#spent >= BUDGET) await this.#turn;
    if (this.#closed) throw new Error(`the store in ${this.#folder} is closed; open it again to read from it`);
    this.#turn ??= new Promise((resolve) => setImmediate(() => resolve(this.#turned())));
    const begun = performance.now();
    try {
      return statement();
    } finally {
      this.#spent += performance.now() - begun;
    }
  }

  close(): void {
    this.#closed = true;
    this.#connection.close(true);
  }

  #turned(): void {
    this.#spent = 0;
    this.#turn = null;
  }
}
