import type { Account, Profiles, Users } from "../../application/mod.ts";
import type { Profile, Result, User, UserId, UsernameTaken } from "../../domain/mod.ts";
import { accepted, foldUsername, refused } from "../../domain/mod.ts";
import { turn } from "./_turn.ts";

/** Accounts in a map; they are also the profiles of their users. */
export class MemoryUsers implements Users, Profiles {
  readonly #accounts = new Map<UserId, Account>();
  readonly #ids = new Map<string, UserId>();

  async create(account: Account): Promise<Result<User, UsernameTaken>> {
    await turn();
    const { id, username } = account.user;
    const folded = foldUsername(username);
    if (this.#ids.has(folded)) return refused({ code: "USERNAME_TAKEN", username });
    this.#ids.set(folded, id);
    this.#accounts.set(id, account);
    return accepted(account.user);
  }

  async byUsername(folded: string): Promise<Account | null> {
    await turn();
    const id = this.#ids.get(folded);
    return id === undefined ? null : (this.#accounts.get(id) ?? null);
  }

  async byId(userId: UserId): Promise<Account | null> {
    await turn();
    return this.#accounts.get(userId) ?? null;
  }

  async setPasswordHash(userId: UserId, passwordHash: string): Promise<void> {
    await turn();
    const account = this.#accounts.get(userId);
    if (account) this.#accounts.set(userId, { ...account, passwordHash });
  }

  async setDisplayName(userId: UserId, displayName: string): Promise<void> {
    await turn();
    const account = this.#accounts.get(userId);
    if (account) this.#accounts.set(userId, { ...account, user: { ...account.user, displayName } });
  }

  async byIds(userIds: readonly UserId[]): Promise<readonly Profile[]> {
    await turn();
    return [...new Set(userIds)].flatMap((id) => {
      const user = this.#accounts.get(id)?.user;
      return user ? [{ id, username: user.username, displayName: user.displayName }] : [];
    });
  }
}
