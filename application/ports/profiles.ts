import type { Profile, UserId } from "../../domain/mod.ts";

/** Tells the names of users: of the accounts here, or of the host's. */
export interface Profiles {
  /** Those of up to 1,000 users that there are, each once, in no order. */
  byIds(userIds: readonly UserId[]): Promise<readonly Profile[]>;
}
