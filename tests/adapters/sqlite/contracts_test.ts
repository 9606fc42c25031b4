import { describe } from "bun:test";
import { AT } from "../../contracts/_changes.ts";
import { testDirectory } from "../../contracts/directory.ts";
import { testMemberships } from "../../contracts/memberships.ts";
import { testMessages } from "../../contracts/messages.ts";
import { testProfiles } from "../../contracts/profiles.ts";
import { testRoomLog } from "../../contracts/room_log.ts";
import { testSessionStore } from "../../contracts/session_store.ts";
import { testUsers } from "../../contracts/users.ts";
import { partOf } from "./_stores.ts";

describe("SqliteRoomLog", () => {
  testRoomLog(
    partOf(({ log }) => log),
    { projects: "within" },
  );
});
describe("SqliteMessages", () => testMessages(partOf((store) => store)));
describe("SqliteDirectory", () => testDirectory(partOf(({ directory }) => directory)));
describe("SqliteMemberships", () => testMemberships(partOf(({ memberships }) => memberships)));
describe("SqliteUsers", () => testUsers(partOf(({ users }) => users)));
describe("SqliteProfiles", () => {
  testProfiles(
    partOf(({ users, profiles }) => ({
      profiles,
      async add(profile) {
        const account = { user: { ...profile, createdAt: AT }, passwordHash: "hash" };
        if (!(await users.create(account)).ok) throw new Error(`${profile.username} is taken`);
      },
    })),
  );
});
describe("SqliteSessionStore", () => testSessionStore(partOf(({ sessionStore }) => sessionStore)));
