import { expect, test } from "bun:test";
import { join } from "node:path";
import { PROJECT, run } from "../architecture/_planted.ts";
import { besideTheProject, type Files, readmePrograms } from "./_program.ts";

/** Milliseconds that a compiler may take on a busy machine. */
const PATIENCE = 60_000;

/** Compile files with the project's own settings; answers what the compiler says. */
function compile(files: Files): Promise<string> {
  const tsc = [process.execPath, "--bun", join(PROJECT, "node_modules/.bin/tsc"), "--pretty", "false"];
  const config = {
    extends: join(PROJECT, "tsconfig.json"),
    include: ["*.ts", join(PROJECT, "adapters/*/*.d.ts")],
    exclude: [],
  };
  const all = { ...files, "tsconfig.json": JSON.stringify(config) };
  return besideTheProject(all, async (folder) => (await run(tsc, { cwd: folder })).stdout);
}

test(
  "the README's programs compile",
  async () => {
    expect(await compile(await readmePrograms())).toBe("");
  },
  PATIENCE,
);

test(
  "the README's switch over refusals does not compile when it forgets one",
  async () => {
    const { "explain.ts": source } = await readmePrograms();
    const forgetful = source.replace(/ *case "CHATROOM_FULL":.*\n.*\n/, "");
    expect(forgetful).not.toBe(source);
    expect(await compile({ "explain.ts": forgetful })).toMatch(/^explain\.ts\(\d+,\d+\): error TS2366/);
  },
  PATIENCE,
);
