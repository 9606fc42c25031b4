import { getTableColumns, type Placeholder, type SQL, sql, type Table } from "drizzle-orm";

/** A placeholder for each column of a table, named as the table names the column. */
export function placeholdersOf<T extends Table>(table: T): { [Name in keyof T["$inferInsert"]]: Placeholder } {
  const names = Object.keys(getTableColumns(table));
  return Object.fromEntries(names.map((name) => [name, sql.placeholder(name)])) as {
    [Name in keyof T["$inferInsert"]]: Placeholder;
  };
}

/** What makes of a row that stands already the row that was to be inserted. */
export function replacing<T extends Table>(table: T): { [Name in keyof T["$inferInsert"]]: SQL } {
  const columns = Object.entries(getTableColumns(table));
  return Object.fromEntries(columns.map(([name, column]) => [name, sql.raw(`excluded."${column.name}"`)])) as {
    [Name in keyof T["$inferInsert"]]: SQL;
  };
}
