import type { Profiles } from "../../application/mod.ts";
import type { Profile, UserId } from "../../domain/mod.ts";
import { turn } from "./_turn.ts";

/** The profiles that a host has told. */
export class MemoryProfiles implements Profiles {
  readonly #profiles = new Map<UserId, Profile>();

  /** Tell what others see of a user, from now on. */
  set(profile: Profile): void {
    this.#profiles.set(profile.id, profile);
  }

  async byIds(userIds: readonly UserId[]): Promise<readonly Profile[]> {
    await turn();
    return [...new Set(userIds)].flatMap((id) => this.#profiles.get(id) ?? []);
  }
}
