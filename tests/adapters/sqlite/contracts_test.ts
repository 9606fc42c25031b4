import { describe } from "bun:test";
import { testDirectory } from "../../contracts/directory.ts";
import { testMemberships } from "../../contracts/memberships.ts";
import { testMessages } from "../../contracts/messages.ts";
import { testRoomLog } from "../../contracts/room_log.ts";
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
