/**
 * Turns passwords into what can be kept, slowly on purpose: argon2id, of the password's NFKC form. Rejects with an error
 * whose `code` is `TOO_MANY_AT_ONCE`, and whose `limit` says how many, when too many wait already.
 */
export interface PasswordHasher {
  /** A hash with its parameters and a salt of its own: twice the same password makes two hashes. */
  hash(password: string): Promise<string>;
  /** Whether a password made this hash; false for what is no hash. */
  verify(password: string, hash: string): Promise<boolean>;
}
