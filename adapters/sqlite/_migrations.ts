import store from "./migrations/0000_store.sql" with { type: "text" };

/** A step of the schema, written by drizzle-kit. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** Every step, oldest first. They are imported, so that they are part of a compiled program. */
export const MIGRATIONS: readonly Migration[] = [{ name: "0000_store", sql: store }];
