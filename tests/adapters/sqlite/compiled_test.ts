import { expect, test } from "bun:test";
import { join } from "node:path";
import { PROGRAM, startProgram } from "./_children.ts";
import { temporaryFolder } from "./_stores.ts";

test("a compiled program has the Worker and the migrations in it", async () => {
  const { folder, remove } = temporaryFolder();
  const outfile = join(folder, "program");
  const worker = "adapters/sqlite/writer_worker.ts";
  const build = Bun.spawn([process.execPath, "build", "--compile", PROGRAM, worker, "--outfile", outfile], {
    cwd: join(import.meta.dir, "../../.."),
    stdio: ["ignore", "ignore", "inherit"],
  });
  expect(await build.exited).toBe(0);
  const child = startProgram([outfile, join(folder, "store"), "one"]);
  expect(await child.line()).toBe("ready");
  child.write("hello");
  expect(await child.line()).toBe("answered hello");
  child.endInput();
  expect(await child.exited).toBe(0);
  remove();
}, 60_000);
