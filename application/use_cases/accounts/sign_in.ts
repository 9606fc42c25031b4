import type { AccountsElsewhere, CredentialsWrong, RateLimited, Result, TooManyAtOnce } from "../../../domain/mod.ts";
import { accepted, foldUsername, judgePassword, judgeUsername, refused } from "../../../domain/mod.ts";
import type { Accounts, Chat } from "../../chat.ts";
import type { Account } from "../../ports/mod.ts";
import type { SignedIn } from "./_accounts.ts";
import { accountsOf, allow, hashing } from "./_accounts.ts";

export interface SignInInput {
  readonly username: string;
  readonly password: string;
  /** From where, to limit how often. */
  readonly address: string;
}

export type SignInRefusal = CredentialsWrong | RateLimited | TooManyAtOnce | AccountsElsewhere;

/** Sign in by username and password. A name that is not there costs as much time as a wrong password. */
export async function signIn(
  chat: Pick<Chat, "accounts" | "accountLimits" | "rateLimits">,
  { username, password, address }: SignInInput,
): Promise<Result<SignedIn, SignInRefusal>> {
  const found = accountsOf(chat);
  if (!found.ok) return found;
  const accounts = found.value;
  const { signInsByAddress, signInsByName } = chat.accountLimits;
  const byAddress = await allow(chat, `sign_in:address:${address}`, signInsByAddress);
  if (byAddress) return refused(byAddress);
  // No account has such a name or password; and long texts are not to be folded and hashed for anyone who sends them.
  if (judgeUsername(username) || judgePassword(password)) return refused({ code: "CREDENTIALS_WRONG" });
  const name = foldUsername(username);
  const byName = await allow(chat, `sign_in:name:${name}`, signInsByName);
  if (byName) return refused(byName);
  const account = await accounts.users.byUsername(name);
  const right = await hashing(async () =>
    accounts.hasher.verify(password, account?.passwordHash ?? (await decoy(accounts))),
  );
  if (!right.ok) return right;
  if (account === null || !right.value) return refused({ code: "CREDENTIALS_WRONG" });
  const { session, token } = await accounts.sessions.issue(account.user.id);
  if (await isStill(accounts, account)) return accepted({ user: account.user, token, expiresAt: session.expiresAt });
  // The password was changed while this one was being verified, and the sessions of before ended before this one began.
  await accounts.sessions.revoke(session.id);
  return refused({ code: "CREDENTIALS_WRONG" });
}

async function isStill({ users }: Accounts, { user, passwordHash }: Account): Promise<boolean> {
  return (await users.byId(user.id))?.passwordHash === passwordHash;
}

const decoys = new WeakMap<Accounts, Promise<string>>();

/** A hash of the same cost for names that are not there. */
function decoy(accounts: Accounts): Promise<string> {
  const made = decoys.get(accounts) ?? accounts.hasher.hash("the password of nobody");
  decoys.set(accounts, made);
  made.catch(() => decoys.delete(accounts));
  return made;
}
