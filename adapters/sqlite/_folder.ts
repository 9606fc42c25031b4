import { closeSync, fsyncSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { StoreUnusable } from "./store_unusable.ts";

/**
 * Make a folder that only its owner enters, with what is missing above it, so that it is there after a crash as well.
 */
export function makeFolder(folder: string): void {
  const first = mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) syncFolder(dirname(made));
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, "r");
  fsyncSync(descriptor);
  closeSync(descriptor);
}

/** What a fault of opening means to whoever runs the program; a fault that means nothing to them stays what it is. */
export function asUnusable(folder: string, fault: unknown): unknown {
  if (!(fault instanceof Error) || fault instanceof StoreUnusable) return fault;
  const code = "code" in fault ? String(fault.code) : "";
  if (/^SQLITE_(NOTADB|CORRUPT)/.test(code)) {
    const message = `the store in ${folder} is damaged (${fault.message}); put back a backup, or move the folder away`;
    return new StoreUnusable("damaged", message, { cause: fault });
  }
  if (code === "EEXIST" || code === "ENOTDIR") {
    const message = `${folder} cannot be the folder of a store: there is a file in its place; choose another folder`;
    return new StoreUnusable("inaccessible", message, { cause: fault });
  }
  if (/^(E[A-Z]+|SQLITE_(CANTOPEN|READONLY|PERM|IOERR|FULL|AUTH).*)$/.test(code)) {
    const message = `the store in ${folder} cannot be used (${fault.message}); let this user read and write there, or choose another folder`;
    return new StoreUnusable("inaccessible", message, { cause: fault });
  }
  return fault;
}
