import type { AccountsElsewhere, Profile, Result, TextInvalid, UserId } from "../../../domain/mod.ts";
import { accepted, judgeDisplayName, refused } from "../../../domain/mod.ts";
import type { Chat } from "../../chat.ts";
import { accountsOf } from "./_accounts.ts";

export interface UpdateProfileInput {
  readonly userId: UserId;
  readonly displayName: string;
}

/** Change what others see of oneself. */
export async function updateProfile(
  chat: Pick<Chat, "accounts">,
  { userId, displayName }: UpdateProfileInput,
): Promise<Result<Profile, TextInvalid | AccountsElsewhere>> {
  const found = accountsOf(chat);
  if (!found.ok) return found;
  const invalid = judgeDisplayName(displayName);
  if (invalid) return refused(invalid);
  const { users } = found.value;
  await users.setDisplayName(userId, displayName);
  const account = await users.byId(userId);
  if (account === null) throw new Error("a signed-in user has no account");
  const { id, username, displayName: shown } = account.user;
  return accepted({ id, username, displayName: shown });
}
