/** Time, names and password hashes by Bun's own means. */
export * from "./clock.ts";
export * from "./ids.ts";
export * from "./password_hasher.ts";
