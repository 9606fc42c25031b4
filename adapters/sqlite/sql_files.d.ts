/** What `with { type: "text" }` imports of a migration. */
declare module "*.sql" {
  const text: string;
  export default text;
}
