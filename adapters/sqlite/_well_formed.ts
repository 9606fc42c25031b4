/**
 * Throws where a text has a lone surrogate: SQLite would keep U+FFFD in its place, and another text might be that
 * already. Nothing that comes in by the use-cases is such a text, but a host hands in ids of its own.
 */
export function assertWellFormed(value: unknown): void {
  if (typeof value === "object" && value !== null) for (const one of Object.values(value)) assertWellFormed(one);
  else if (typeof value === "string" && !value.isWellFormed()) {
    throw new Error("a text with a lone surrogate cannot be stored; refuse it where it comes in");
  }
}
