import { MemoryProfiles } from "../../adapters/memory/mod.ts";
import type { Profiles } from "../../application/mod.ts";
import { userId } from "../../domain/mod.ts";
import type { Authenticate, Authenticated } from "../../server/mod.ts";
import type { People, Person } from "./people.ts";
import { randomName } from "./people.ts";

/** A host whose users are whoever is enrolled, so that no time goes into passwords. */
export interface Host {
  readonly people: People;
  readonly profiles: Profiles;
  readonly authenticate: Authenticate;
}

export function createHost(): Host {
  const profiles = new MemoryProfiles();
  const byToken = new Map<string, Authenticated>();

  /** The id of a user is the nick itself: a host's ids may hold anything. */
  function enrollOne(name: string): Person {
    const token = randomName() + randomName();
    const person = { userId: userId(name), token };
    byToken.set(token, { userId: person.userId, sessionKey: `session of ${name}` });
    profiles.set({ id: person.userId, username: name, displayName: name });
    return person;
  }

  return {
    people: {
      most: Number.POSITIVE_INFINITY,
      enroll: async (names) => new Map(names.map((name) => [name, enrollOne(name)])),
    },
    profiles,
    async authenticate({ headers, connectionParams }) {
      const bearer = /^Bearer (\S+)$/.exec(headers.get("authorization") ?? "")?.[1];
      const token = connectionParams?.["token"] ?? bearer;
      return (token === undefined ? undefined : byToken.get(token)) ?? null;
    },
  };
}
