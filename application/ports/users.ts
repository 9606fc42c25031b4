import type { Result, User, UserId, UsernameTaken } from "../../domain/mod.ts";

/** An account, and what proves it. */
export interface Account {
  readonly user: User;
  readonly passwordHash: string;
}

/** Keeps accounts. What is answered is durable. */
export interface Users {
  /** Keep a new account, unless its username, folded, is taken; of two at once, one is refused. Its id is new. */
  create(account: Account): Promise<Result<User, UsernameTaken>>;
  /** The account whose folded username is this. */
  byUsername(folded: string): Promise<Account | null>;
  byId(userId: UserId): Promise<Account | null>;
  setPasswordHash(userId: UserId, passwordHash: string): Promise<void>;
  setDisplayName(userId: UserId, displayName: string): Promise<void>;
}
