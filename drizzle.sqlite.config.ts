/** What drizzle-kit needs to write the next migration of the embedded store; see `adapters/sqlite/schema.ts`. */
export default {
  dialect: "sqlite",
  schema: "./adapters/sqlite/schema.ts",
  out: "./adapters/sqlite/migrations",
};
