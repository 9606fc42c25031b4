export type * from "./ports/mod.ts";
