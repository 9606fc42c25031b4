/** Turns passwords into what can be kept, slowly on purpose. */
export interface PasswordHasher {
  /** A hash with its parameters and a salt of its own: twice the same password makes two hashes. */
  hash(password: string): Promise<string>;
  /** Whether a password made this hash; false for what is no hash. */
  verify(password: string, hash: string): Promise<boolean>;
}
