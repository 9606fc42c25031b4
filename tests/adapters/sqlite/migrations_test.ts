import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { generateSQLiteDrizzleJson, generateSQLiteMigration } from "drizzle-kit/api";
import { getTableConfig } from "drizzle-orm/sqlite-core";
import { MIGRATIONS } from "../../../adapters/sqlite/_migrations.ts";
import { migrate } from "../../../adapters/sqlite/_migrator.ts";
import { openSqliteStore } from "../../../adapters/sqlite/mod.ts";
import * as schema from "../../../adapters/sqlite/schema.ts";
import config from "../../../drizzle.sqlite.config.ts";
import { temporaryFolder } from "./_stores.ts";

/** Where drizzle-kit writes, run at the top of the project. */
const FOLDER = join(import.meta.dir, "../../..", config.out);

const tables = Object.values(schema).map(getTableConfig);

function migrated(): Database {
  const database = new Database(":memory:");
  expect(migrate(database, MIGRATIONS)).toBeNull();
  return database;
}

function rows(database: Database, sql: string): readonly unknown[][] {
  return database.query(sql).values();
}

describe("the migrations of the embedded store", () => {
  test("are those of the folder, in the order of its journal", async () => {
    const journal = await Bun.file(join(FOLDER, "meta/_journal.json")).json();
    expect(MIGRATIONS.map(({ name }) => name)).toEqual(journal.entries.map(({ tag }: { tag: string }) => tag));
    for (const { name, sql } of MIGRATIONS) expect(sql).toBe(await Bun.file(join(FOLDER, `${name}.sql`)).text());
  });

  test("bring about the schema: drizzle-kit has nothing to add", async () => {
    const newest = String(MIGRATIONS.length - 1).padStart(4, "0");
    const snapshot = await Bun.file(join(FOLDER, `meta/${newest}_snapshot.json`)).json();
    const current = await generateSQLiteDrizzleJson(schema, snapshot.id);
    expect(await generateSQLiteMigration(snapshot, current)).toEqual([]);
    // It does notice what differs.
    const { users: _, ...others } = schema;
    const lacking = await generateSQLiteDrizzleJson(others, snapshot.id);
    expect(await generateSQLiteMigration(snapshot, lacking)).toEqual(["DROP TABLE `users`;"]);
  });

  test("make the tables, columns and indexes of the schema", () => {
    const database = migrated();
    for (const { name, columns, indexes } of tables) {
      const made = rows(database, `SELECT name, type, "notnull" FROM pragma_table_xinfo('${name}')`);
      const told = columns.map((column) => [column.name, column.getSQLType().toUpperCase(), column.notNull ? 1 : 0]);
      expect(made.map(([column, type, notNull]) => [column, String(type).toUpperCase(), notNull])).toEqual(told);
      const own = rows(database, `SELECT name FROM pragma_index_list('${name}') WHERE origin = 'c' ORDER BY name`);
      expect(own.flat()).toEqual(indexes.map(({ config }) => config.name).sort());
    }
  });

  test("make every table strict, and every text compared as bytes", () => {
    const database = migrated();
    const kinds = rows(database, "SELECT name, strict FROM pragma_table_list WHERE name NOT LIKE 'sqlite_%'");
    expect(kinds.length).toBe(tables.length + 1);
    for (const [name, strict] of kinds) expect([name, strict]).toEqual([name, 1]);
    const collations = rows(
      database,
      `SELECT DISTINCT coll FROM sqlite_schema AS indexes, pragma_index_xinfo(indexes.name) WHERE indexes.type = 'index'`,
    );
    expect(collations).toEqual([["BINARY"]]);
  });
});

describe("migrate()", () => {
  const [one, two, three] = ["one", "two", "three"].map((name) => ({ name, sql: `CREATE TABLE ${name} (id)` })) as [
    { name: string; sql: string },
    { name: string; sql: string },
    { name: string; sql: string },
  ];

  function tablesOf(database: Database): readonly unknown[] {
    return rows(database, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'migrations'").flat();
  }

  test("applies what a file lacks, in order, once", () => {
    const database = new Database(":memory:");
    expect(migrate(database, [one])).toBeNull();
    expect(migrate(database, [one, two, three])).toBeNull();
    expect(migrate(database, [one, two, three])).toBeNull();
    expect(tablesOf(database)).toEqual(["one", "two", "three"]);
  });

  test("leaves a file as it is when one of them fails", () => {
    const database = new Database(":memory:");
    migrate(database, [one]);
    expect(() => migrate(database, [one, two, { name: "broken", sql: "CREATE TABLE one (id)" }])).toThrow("one");
    expect(tablesOf(database)).toEqual(["one"]);
    expect(migrate(database, [one, three])).toBeNull();
    expect(tablesOf(database)).toEqual(["one", "three"]);
  });

  test("refuses a file with a migration that it does not know", () => {
    const database = new Database(":memory:");
    migrate(database, [one, two]);
    for (const known of [[one], [one, three], [two, one], []]) expect(migrate(database, known)).toBe("newer");
    expect(tablesOf(database)).toEqual(["one", "two"]);
  });

  test("refuses a file of another program", () => {
    const database = new Database(":memory:");
    database.run("CREATE TABLE something (id)");
    expect(migrate(database, [one])).toBe("foreign");
    expect(tablesOf(database)).toEqual(["something"]);
  });

  test("is asked at opening: a store of a newer version is refused, and goes on with that version", async () => {
    const { folder, remove } = temporaryFolder();
    await (await openSqliteStore({ folder })).close();
    const file = join(folder, "sarangbang.sqlite");
    const newer = new Database(file);
    expect(migrate(newer, [...MIGRATIONS, one])).toBeNull();
    newer.close(true);
    const refusal = `the store in ${folder} was written by a newer version of Sarangbang; run that version`;
    await expect(openSqliteStore({ folder })).rejects.toMatchObject({ name: "StoreUnusable", message: refusal });
    const after = new Database(file);
    expect(migrate(after, [...MIGRATIONS, one])).toBeNull();
    after.close(true);
    remove();
  });
});
