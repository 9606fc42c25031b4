/**
 * The one writer of a store, in a Worker, so that no socket waits for the disk. It commits whatever has come while it
 * was at work, of all rooms, in one transaction, and answers when that is on the disk. Messages are JSON texts, which
 * pass between threads at a quarter of the price of objects.
 */
import type { Database } from "bun:sqlite";
import { openForWriting } from "./_connection.ts";
import { createGroupCommit, type GroupCommit, type Request } from "./_group_commit.ts";

declare const self: Worker;

/** What the Worker is told: first to open, then to write, at last to close. Each is answered once. */
export type ToWriter =
  | { readonly open: { readonly file: string; readonly maxPages: number | null } }
  | { readonly close: true }
  | readonly Request[];

const queue: string[] = [];
let connection: Database | null = null;
let commit: GroupCommit | null = null;

self.onmessage = ({ data }: MessageEvent<string>) => {
  // What has come by now is delivered before this runs, and a lone message is not kept waiting.
  if (queue.push(data) === 1) setImmediate(work);
};

function work(): void {
  const messages = queue.splice(0).map((text) => JSON.parse(text) as ToWriter);
  const requests = messages.flatMap((message) => ("open" in message || "close" in message ? [] : message));
  for (const message of messages) if ("open" in message) open(message.open.file, message.open.maxPages);
  if (requests.length > 0) self.postMessage(JSON.stringify(commit?.(requests)));
  if (messages.some((message) => "close" in message)) close();
}

function open(file: string, maxPages: number | null): void {
  connection = openForWriting(file, maxPages);
  commit = createGroupCommit(connection);
  self.postMessage(JSON.stringify("opened"));
}

/**
 * Nothing is asked after this. What is deleted or overwritten is gone from the log as well when it has been cut off.
 */
function close(): void {
  connection?.run("PRAGMA wal_checkpoint(TRUNCATE)");
  connection?.close(true);
  self.postMessage(JSON.stringify("closed"));
}
