/** Makes names that nobody else makes. */
export interface Ids {
  /** An unguessable name of at least 128 random bits; 1 to 64 of `[A-Za-z0-9_-]`. */
  random(): string;
  /**
   * The name that `tag` and `parts` make, always the same; 22 of `[A-Za-z0-9_-]`. Other parts, or the same parts
   * divided otherwise, make another name.
   */
  derived(tag: string, parts: readonly string[]): string;
}
