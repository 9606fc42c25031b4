import { Database } from "bun:sqlite";
import { drizzle } from "drizzle-orm/bun-sqlite";

/** A connection that drizzle builds statements for. Whoever runs a statement prepares it once. */
export type Tables = ReturnType<typeof tablesOf>;

export function tablesOf(connection: Database) {
  return drizzle({ client: connection });
}

/**
 * How long to wait for a lock, in milliseconds. Nobody writes but the Worker, so only a checkpoint can be in the way.
 */
const PATIENCE = 5_000;

/** Open for reading: each statement sees all that was committed before it began. */
export function openForReading(file: string): Database {
  const connection = new Database(file, { readonly: true });
  connection.run(`PRAGMA busy_timeout = ${PATIENCE}`);
  return connection;
}

/**
 * Open for writing: what is committed is on the disk, and what is overwritten or deleted is gone from its page.
 * `maxPages` is how many pages of 4,096 bytes the file may have; null leaves it to the disk.
 */
export function openForWriting(file: string, maxPages: number | null): Database {
  const connection = new Database(file, { readwrite: true });
  connection.run(`PRAGMA busy_timeout = ${PATIENCE}`);
  connection.run("PRAGMA journal_mode = WAL");
  connection.run("PRAGMA synchronous = FULL");
  connection.run("PRAGMA secure_delete = ON");
  connection.run("PRAGMA foreign_keys = ON");
  if (maxPages !== null) connection.run(`PRAGMA max_page_count = ${maxPages}`);
  return connection;
}
