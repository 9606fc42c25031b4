import { describe, expect, test } from "bun:test";
import { missingContracts, portsOf } from "./_contracts.ts";
import { PROJECT, type Tree, withPlanted } from "./_planted.ts";

/** Two ports and their adapters, each held by a contract. */
const held: Tree = {
  "application/ports/mod.ts": `export type { RoomLog } from "./room_log.ts";`,
  "application/ports/_shared.ts": "",
  "application/ports/room_log.ts": "export interface RoomLog {}",
  "application/ports/ids.ts": "export interface Ids {}",
  "adapters/memory/room_log.ts": "",
  "adapters/memory/ids.ts": "",
  "adapters/memory/_rows.ts": "",
  "adapters/sqlite/room_log.ts": "",
  "tests/contracts/room_log.ts": "export function testRoomLog(setup: () => unknown): void {}",
  "tests/contracts/ids.ts": "export function testIds(setup: () => unknown): void {}",
  "tests/adapters/memory_test.ts": `describe("MemoryRoomLog", () => testRoomLog(() => 1)); testIds(() => 1);`,
  "tests/adapters/sqlite/room_log_test.ts": `describe("SqliteRoomLog", () => { testRoomLog(() => 1); });`,
};

function missingIn(change: Tree): Promise<string[]> {
  return withPlanted({ ...held, ...change }, missingContracts);
}

describe("missingContracts()", () => {
  test("finds nothing in the project, which has ports", async () => {
    expect(await missingContracts(PROJECT)).toEqual([]);
    expect(await portsOf(PROJECT)).toContain("room_log");
  });

  test("finds nothing where every adapter runs its port's contract", async () => {
    expect(await missingIn({})).toEqual([]);
  });

  test("names a port without a contract", async () => {
    const missing = "application/ports/clock.ts has no contract: export testClock() from tests/contracts/clock.ts";
    expect(await missingIn({ "application/ports/clock.ts": "" })).toEqual([missing]);
    const unexported = "function testClock() {}";
    expect(await missingIn({ "application/ports/clock.ts": "", "tests/contracts/clock.ts": unexported })).toEqual([
      missing,
    ]);
  });

  test("names an adapter that nothing holds to its port's contract", async () => {
    const missing = "adapters/redis/ids.ts is not held by its contract: call testIds() in tests/adapters/redis_test.ts";
    expect(await missingIn({ "adapters/redis/ids.ts": "" })).toEqual([missing]);
    const uncalled = `import { testIds } from "../contracts/ids.ts"; // testIds()`;
    expect(await missingIn({ "adapters/redis/ids.ts": "", "tests/adapters/redis_test.ts": uncalled })).toEqual([
      missing,
    ]);
  });
});
