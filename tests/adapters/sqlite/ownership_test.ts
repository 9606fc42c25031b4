import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openSqliteStore, StoreUnusable } from "../../../adapters/sqlite/mod.ts";
import { startChild } from "./_children.ts";
import { temporaryFolder } from "./_stores.ts";

/** Why a folder's store does not open. */
async function refusalOf(folder: string): Promise<StoreUnusable> {
  const opened = await openSqliteStore({ folder }).then(
    (store) => store.close().then(() => null),
    (fault: unknown) => fault,
  );
  expect(opened).toBeInstanceOf(StoreUnusable);
  return opened as StoreUnusable;
}

describe("the folder of a SqliteStore", () => {
  test("is made, with what is missing above it, for its owner alone", async () => {
    const { folder: above, remove } = temporaryFolder();
    const folder = join(above, "some/where");
    const store = await openSqliteStore({ folder });
    for (const made of [join(above, "some"), folder]) expect(statSync(made).mode & 0o777).toBe(0o700);
    const files = readdirSync(folder).sort();
    expect(files).toContain("sarangbang.sqlite-wal");
    for (const file of files) expect([file, statSync(join(folder, file)).mode & 0o777]).toEqual([file, 0o600]);
    await store.close();
    remove();
  });

  test("is refused to a second store of the same process, and given to it when the first is closed", async () => {
    const { folder, remove } = temporaryFolder();
    const first = await openSqliteStore({ folder });
    // Twice, for being refused must not loosen the hold of the first.
    for (let time = 0; time < 2; time++) {
      const { reason, message } = await refusalOf(folder);
      expect(reason).toBe("in_use");
      expect(message).toContain(`in use by process ${process.pid} since ${new Date().getFullYear()}`);
    }
    const child = startChild([folder, "hold"]);
    expect(await child.line()).toBeNull();
    expect(await child.exited).not.toBe(0);
    await first.close();
    await (await openSqliteStore({ folder })).close();
    remove();
  }, 30_000);

  test("is refused to a second process, which names the first, and given to it when the first is killed", async () => {
    const { folder, remove } = temporaryFolder();
    const child = startChild([folder, "hold"]);
    expect(await child.line()).toBe("open");
    const { since } = JSON.parse(readFileSync(join(folder, "owner.json"), "utf8"));
    const end = "end that process, or choose another folder";
    expect((await refusalOf(folder)).message).toBe(
      `the store in ${folder} is in use by process ${child.pid} since ${since}; ${end}`,
    );
    await child.crash();
    const store = await openSqliteStore({ folder });
    expect((await refusalOf(folder)).message).toContain(`by process ${process.pid} since`);
    await store.close();
    remove();
  }, 30_000);
});

describe("openSqliteStore() says what to do", () => {
  test("of a file in the folder's place, or above it", async () => {
    const { folder, remove } = temporaryFolder();
    const file = join(folder, "file");
    writeFileSync(file, "");
    for (const place of [file, join(file, "below")]) {
      const { reason, message } = await refusalOf(place);
      expect({ reason, message }).toEqual({
        reason: "inaccessible",
        message: `${place} cannot be the folder of a store: there is a file in its place; choose another folder`,
      });
    }
    remove();
  });

  test("of a folder, or a file in it, that cannot be written", async () => {
    const { folder, remove } = temporaryFolder();
    // A folder in the place of a file stops even a user who may write everywhere.
    mkdirSync(join(folder, "sarangbang.sqlite"));
    const { reason, message } = await refusalOf(folder);
    expect(reason).toBe("inaccessible");
    expect(message).toContain("let this user read and write there, or choose another folder");
    remove();
    expect((await refusalOf("/proc/sarangbang")).reason).toBe("inaccessible");
  });

  test("of a file that is no database, and leaves it as it is", async () => {
    const { folder, remove } = temporaryFolder();
    const file = join(folder, "sarangbang.sqlite");
    const garbage = "no database ".repeat(1_000);
    writeFileSync(file, garbage);
    const { reason, message } = await refusalOf(folder);
    expect(reason).toBe("damaged");
    expect(message).toContain("put back a backup, or move the folder away");
    expect(readFileSync(file, "utf8")).toBe(garbage);
    remove();
  });

  test("of a database whose pages are damaged", async () => {
    const { folder, remove } = temporaryFolder();
    await (await openSqliteStore({ folder })).close();
    const file = join(folder, "sarangbang.sqlite");
    const bytes = readFileSync(file);
    writeFileSync(file, Buffer.concat([bytes.subarray(0, 100), Buffer.alloc(bytes.length - 100, 0xa5)]));
    expect((await refusalOf(folder)).reason).toBe("damaged");
    remove();
  });

  test("of a database of another program, and leaves it as it is", async () => {
    const { folder, remove } = temporaryFolder();
    const file = join(folder, "sarangbang.sqlite");
    const other = new Database(file, { create: true });
    other.run("CREATE TABLE recipes (name)");
    other.close(true);
    const before = readFileSync(file);
    const { reason, message } = await refusalOf(folder);
    expect({ reason, message }).toEqual({
      reason: "foreign",
      message: `${file} is a database of another program; move it away, or choose another folder`,
    });
    expect(readFileSync(file).equals(before)).toBe(true);
    remove();
  });
});
