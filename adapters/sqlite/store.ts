import { Database } from "bun:sqlite";
import { randomInt } from "node:crypto";
import { join, resolve } from "node:path";
import type { Epoch } from "../../domain/mod.ts";
import { epoch } from "../../domain/mod.ts";
import { openForReading } from "./_connection.ts";
import { asUnusable, makeFolder } from "./_folder.ts";
import { MIGRATIONS, type Migration } from "./_migrations.ts";
import { migrate } from "./_migrator.ts";
import { makeFile, takeFolder } from "./_owner.ts";
import { Reading } from "./_reading.ts";
import { Writer } from "./_writer.ts";
import { SqliteDirectory } from "./directory.ts";
import { SqliteMemberships } from "./memberships.ts";
import { SqliteMessages } from "./messages.ts";
import { SqliteProfiles } from "./profiles.ts";
import { SqliteRoomLog } from "./room_log.ts";
import { SqliteSessionStore } from "./session_store.ts";
import { StoreUnusable } from "./store_unusable.ts";
import { SqliteUsers } from "./users.ts";

export interface SqliteStoreOptions {
  /**
   * Where the store is; made if it is missing. It holds `sarangbang.sqlite` and what belongs to it, and one process has
   * it at a time.
   */
  readonly folder: string;
  /** How many pages of 4,096 bytes the file may have. What does not fit is refused as by a full disk. */
  readonly maxPages?: number;
  /** Told once if writing ends by itself, so that a process can end and be started again. */
  readonly onFault?: (fault: Error) => void;
}

/** Everything that one process keeps, in one file. */
export interface SqliteStore {
  readonly log: SqliteRoomLog;
  readonly messages: SqliteMessages;
  readonly directory: SqliteDirectory;
  readonly memberships: SqliteMemberships;
  readonly users: SqliteUsers;
  readonly profiles: SqliteProfiles;
  readonly sessionStore: SqliteSessionStore;
  /** How many transactions have been written since the store was opened. */
  readonly commits: number;
  /** Finish what is being written, and let go of the folder. What is asked afterwards is refused. */
  close(): Promise<void>;
}

/** Open the store of a folder, making what is missing, or throw {@link StoreUnusable}. */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<SqliteStore> {
  const folder = resolve(options.folder);
  const file = join(folder, "sarangbang.sqlite");
  try {
    makeFolder(folder);
    const ownership = takeFolder(folder);
    try {
      const storeEpoch = prepareFile(folder, file, MIGRATIONS);
      const { maxPages = null, onFault = () => {} } = options;
      const reading = new Reading(openForReading(file), folder);
      const writer = await Writer.start({ folder, file, maxPages, onFault });
      return storeOf(reading, writer, storeEpoch, ownership.release);
    } catch (fault) {
      ownership.release();
      throw fault;
    }
  } catch (fault) {
    throw asUnusable(folder, fault);
  }
}

/** Bring the file to this program's schema; answers the epoch of the store. */
export function prepareFile(folder: string, file: string, migrations: readonly Migration[]): Epoch {
  makeFile(file);
  // Not yet with a write-ahead log: what turns out to be of another program stays as it is.
  const connection = new Database(file, { readwrite: true });
  try {
    const unmigratable = migrate(connection, migrations);
    if (unmigratable === "newer") {
      const message = `the store in ${folder} was written by a newer version of Sarangbang; run that version`;
      throw new StoreUnusable("newer", message);
    }
    if (unmigratable === "foreign") {
      const message = `${file} is a database of another program; move it away, or choose another folder`;
      throw new StoreUnusable("foreign", message);
    }
    return epochOf(connection);
  } finally {
    connection.close(true);
  }
}

/** The epoch of a store, made when it is first asked for. */
function epochOf(connection: Database): Epoch {
  const letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  const made = Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join("");
  connection.run("INSERT INTO meta (name, value) VALUES ('epoch', ?) ON CONFLICT DO NOTHING", [made]);
  return epoch(String(connection.query("SELECT value FROM meta WHERE name = 'epoch'").values()[0]?.[0]));
}

function storeOf(reading: Reading, writer: Writer, storeEpoch: Epoch, release: () => void): SqliteStore {
  let closing: Promise<void> | null = null;

  async function close(): Promise<void> {
    try {
      // The last connection to close cuts off and removes the write-ahead log, which a reading one may not.
      reading.close();
      await writer.close();
    } finally {
      release();
    }
  }

  return {
    log: new SqliteRoomLog(reading, writer, storeEpoch),
    messages: new SqliteMessages(reading),
    directory: new SqliteDirectory(reading, writer),
    memberships: new SqliteMemberships(reading, writer),
    users: new SqliteUsers(reading, writer),
    profiles: new SqliteProfiles(reading),
    sessionStore: new SqliteSessionStore(reading, writer),
    get commits() {
      return writer.commits;
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
}
