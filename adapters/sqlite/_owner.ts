import { Database } from "bun:sqlite";
import { closeSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StoreUnusable } from "./store_unusable.ts";

/** Who has a store open, as `owner.json` says it to others and to people. */
interface Owner {
  readonly pid: number;
  /** When it was opened, ISO 8601. */
  readonly since: string;
}

/** That this process alone has a folder. */
export interface Ownership {
  release(): void;
}

/**
 * Take a folder for this process, or be refused at once. What holds it is a lock of the operating system on
 * `owner.sqlite`, which goes with the process however it ends; `owner.json` beside it only says whose it is.
 */
export function takeFolder(folder: string): Ownership {
  const names = join(folder, "owner.json");
  const lock = lockFile(join(folder, "owner.sqlite"));
  if (lock === null) throw new StoreUnusable("in_use", `the store in ${folder} is in use${nameOf(names)}`);
  const owner: Owner = { pid: process.pid, since: new Date().toISOString() };
  writeFileSync(`${names}.new`, `${JSON.stringify(owner)}\n`, { mode: 0o600 });
  renameSync(`${names}.new`, names);
  return {
    release() {
      rmSync(names, { force: true });
      lock.close(true);
    },
  };
}

/** Hold a file exclusively; null if somebody else does, in this process or another. */
function lockFile(file: string): Database | null {
  makeFile(file);
  const lock = new Database(file, { readwrite: true });
  try {
    lock.run("PRAGMA busy_timeout = 0");
    lock.run("PRAGMA locking_mode = EXCLUSIVE");
    lock.run("BEGIN EXCLUSIVE");
    return lock;
  } catch (fault) {
    lock.close(true);
    if (fault instanceof Error && "code" in fault && fault.code === "SQLITE_BUSY") return null;
    throw fault;
  }
}

/**
 * Make a file that only its owner reads, unless there is one. A file that is there must not be opened: closing it again
 * would drop the locks that this process has on it.
 */
export function makeFile(file: string): void {
  try {
    closeSync(openSync(file, "wx", 0o600));
  } catch (fault) {
    if (!(fault instanceof Error && "code" in fault && fault.code === "EEXIST")) throw fault;
  }
}

function nameOf(file: string): string {
  try {
    const { pid, since } = JSON.parse(readFileSync(file, "utf8")) as Owner;
    return ` by process ${pid} since ${since}; end that process, or choose another folder`;
  } catch {
    return " by another process; end that process, or choose another folder";
  }
}
