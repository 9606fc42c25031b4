import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStore, type SqliteStore, type SqliteStoreOptions } from "../../../adapters/sqlite/mod.ts";
import type { Fixture, Setup } from "../../contracts/_setup.ts";

/** A folder that is there until `remove` is called. */
export interface TemporaryFolder {
  readonly folder: string;
  remove(): void;
}

export function temporaryFolder(): TemporaryFolder {
  const folder = mkdtempSync(join(tmpdir(), "sarangbang-sqlite-"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Do something with a fresh store. */
export async function withStore(
  use: (store: SqliteStore, folder: string) => Promise<void>,
  options: Omit<SqliteStoreOptions, "folder"> = {},
): Promise<void> {
  const { folder, remove } = temporaryFolder();
  try {
    const store = await openSqliteStore({ ...options, folder });
    try {
      await use(store, folder);
    } finally {
      await store.close();
    }
  } finally {
    remove();
  }
}

/** What a contract is proven of: a part of a fresh store. */
export function partOf<T>(part: (store: SqliteStore) => T): Setup<T> {
  return async (): Promise<Fixture<T>> => {
    const { folder, remove } = temporaryFolder();
    const store = await openSqliteStore({ folder });
    return {
      subject: part(store),
      async close() {
        await store.close();
        remove();
      },
    };
  };
}
