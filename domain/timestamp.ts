import type { Brand } from "./_brand.ts";

/** An instant in milliseconds since 1970-01-01T00:00:00Z, for people to read; nothing is ordered by it. */
export type Timestamp = Brand<number, "Timestamp">;

export const timestamp = (milliseconds: number): Timestamp => milliseconds as Timestamp;
