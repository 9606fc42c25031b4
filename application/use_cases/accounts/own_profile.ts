import type { Profile, UserId } from "../../../domain/mod.ts";
import type { Chat } from "../../chat.ts";

/** Tell who one is; null where the users' keeper knows no such user any more. */
export async function ownProfile(
  { profiles }: Pick<Chat, "profiles">,
  { userId }: { readonly userId: UserId },
): Promise<Profile | null> {
  const [profile = null] = await profiles.byIds([userId]);
  return profile;
}
