import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { MIGRATIONS } from "../../../adapters/sqlite/_migrations.ts";
import { Writer } from "../../../adapters/sqlite/_writer.ts";
import { openSqliteStore } from "../../../adapters/sqlite/mod.ts";
import { prepareFile } from "../../../adapters/sqlite/store.ts";
import { sequence, sessionId } from "../../../domain/mod.ts";
import { created, ROOM } from "../../contracts/_changes.ts";
import { expectGapless } from "../../contracts/_room_log_support.ts";
import { temporaryFolder } from "./_stores.ts";

describe("close() of a SqliteStore", () => {
  test("finishes what was asked for, leaves one file of the data, and may be called again", async () => {
    const { folder, remove } = temporaryFolder();
    const store = await openSqliteStore({ folder });
    const asked = store.log.append(ROOM, sequence(0), [created()]);
    await Promise.all([store.close(), store.close()]);
    await store.close();
    expect((await asked).written).toHaveLength(1);
    expect(readdirSync(folder).sort()).toEqual(["owner.sqlite", "sarangbang.sqlite"]);
    const again = await openSqliteStore({ folder });
    await expectGapless(again.log, 1);
    expect(await again.log.epoch()).toBe(await store.log.epoch());
    await again.close();
    remove();
  });

  test("refuses what is asked for afterwards", async () => {
    const { folder, remove } = temporaryFolder();
    const store = await openSqliteStore({ folder });
    await store.close();
    const closed = `the store in ${folder} is closed; open it again to`;
    await expect(store.log.append(ROOM, sequence(0), [created()])).rejects.toThrow(`${closed} write to it`);
    await expect(store.sessionStore.delete(sessionId("s"))).rejects.toThrow(`${closed} write to it`);
    await expect(store.log.head(ROOM)).rejects.toThrow(`${closed} read from it`);
    await expect(store.directory.list("", null, 10)).rejects.toThrow(`${closed} read from it`);
    remove();
  });
});

describe("a Writer whose Worker ends by itself", () => {
  for (const [what, program] of [
    ["throws", "throw new Error('out of luck')"],
    ["exits", "process.exit(3)"],
  ] as const) {
    test(`answers whoever waits, and whoever comes, that it ${what}`, async () => {
      const { folder, remove } = temporaryFolder();
      const file = join(folder, "sarangbang.sqlite");
      prepareFile(folder, file, MIGRATIONS);
      const worker = join(folder, "worker.ts");
      // Answers that it is open, and ends at the first write.
      const open = `if (data.startsWith('{"open"')) return postMessage('"opened"')`;
      await Bun.write(worker, `self.onmessage = ({ data }) => { ${open}; ${program}; };`);
      const faults: Error[] = [];
      const onFault = (fault: Error): void => void faults.push(fault);
      const spawn = (): Worker => new Worker(worker);
      const writer = await Writer.start({ folder, file, maxPages: null, onFault, spawn });
      const ended = `the writer of the store in ${folder} ended by itself`;
      const asked = [1, 2, 3].map(() => writer.write("deleteSession", sessionId("s")));
      for (const { status, reason } of (await Promise.allSettled(asked)) as PromiseRejectedResult[]) {
        expect(status).toBe("rejected");
        expect(String(reason)).toContain(ended);
        if (what === "throws") expect(String(reason)).toContain("error: out of luck;");
      }
      await expect(writer.write("deleteSession", sessionId("s"))).rejects.toThrow(ended);
      expect(faults.map(String)).toEqual([expect.stringContaining(ended)]);
      await writer.close();
      remove();
    });
  }
});
