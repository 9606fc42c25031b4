import type { Database } from "bun:sqlite";
import type { Migration } from "./_migrations.ts";

/** What SQLite's header says of a file of this program: `sara`. */
const APPLICATION_ID = 0x73617261;

/** Why a file cannot be migrated. */
export type Unmigratable = "foreign" | "newer";

/**
 * Bring a file to the schema of this program: all the migrations that it lacks, in order, in one transaction. A file
 * that is not of this program, or has a migration that this program does not know, is left as it is.
 */
export function migrate(connection: Database, migrations: readonly Migration[]): Unmigratable | null {
  return connection
    .transaction(() => {
      if (!isOurs(connection)) return "foreign";
      const applied = appliedTo(connection);
      if (applied.some((name, index) => migrations[index]?.name !== name)) return "newer";
      for (const { name, sql } of migrations.slice(applied.length)) {
        connection.run(sql);
        connection.run("INSERT INTO migrations (name) VALUES (?)", [name]);
      }
      return null;
    })
    .immediate();
}

/** Whether the file is of this program; one that is empty becomes so. */
function isOurs(connection: Database): boolean {
  if (numberOf(connection, "SELECT application_id FROM pragma_application_id") === APPLICATION_ID) return true;
  if (numberOf(connection, "SELECT count(*) FROM sqlite_schema") > 0) return false;
  connection.run(`PRAGMA application_id = ${APPLICATION_ID}`);
  connection.run("CREATE TABLE migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT");
  return true;
}

function appliedTo(connection: Database): readonly string[] {
  const rows = connection.query("SELECT name FROM migrations ORDER BY number").values();
  return rows.map(([name]) => String(name));
}

function numberOf(connection: Database, sql: string): number {
  return Number(connection.query(sql).values()[0]?.[0]);
}
