/** So many times (at least 1) in so many milliseconds; the same for the same key. */
export interface RateLimit {
  readonly times: number;
  readonly within: number;
}

/** Counts how often something is done. */
export interface RateLimits {
  /**
   * Count one more time under `key`. Answers 0 if it is within the limit, otherwise the milliseconds after which it
   * can be again; what is refused does not count.
   */
  take(key: string, limit: RateLimit): Promise<number>;
}
