import { describe, expect, test } from "bun:test";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { type Ended, PROJECT, run, withPlanted } from "./_planted.ts";

const outsideTools = import.meta.resolve("../outside_tools.ts");
const passing = `test("passes", () => {});`;
const needing = (what: string) =>
  `needsTool("strace", "${what}", () => { test("a", () => {}); test("b", () => {}); });`;

interface Run extends Pick<Ended, "exitCode"> {
  /** What follows the runner's own output on the standard output. */
  readonly lines: string[];
}

/** Run planted tests with the project's runner, where no outside tool is installed. */
function runTests(
  tests: Record<string, string>,
  { args = [], env = {} }: { args?: string[]; env?: Record<string, string> } = {},
): Promise<Run> {
  const imports = `import { describe, test } from "bun:test"; import { needsTool } from "${outsideTools}";`;
  const tree = Object.fromEntries(Object.entries(tests).map(([path, source]) => [path, `${imports}\n${source}`]));
  return withPlanted({ ...tree, "bin/here": "" }, async (root) => {
    await symlink(process.execPath, join(root, "bin/bun"));
    const command = [process.execPath, join(PROJECT, "tools/test.ts"), ...args];
    const alone = { PATH: join(root, "bin"), REQUIRE_SERVERS: undefined, NOT_RUN_FILE: undefined };
    const { exitCode, stdout } = await run(command, { cwd: root, env: { ...alone, ...env } });
    return { exitCode, lines: stdout.slice(stdout.lastIndexOf("\n\n")).trim().split("\n") };
  });
}

describe("bun run test", () => {
  test("ends with the count, and succeeds when every test passes", async () => {
    const result = await runTests({ "a_test.ts": passing, "below/b_test.ts": passing });
    expect(result).toEqual({ exitCode: 0, lines: ["2 passed, 0 failed"] });
  });

  test("runs only the tests that its arguments name", async () => {
    const result = await runTests({ "a_test.ts": passing, "below/b_test.ts": passing }, { args: ["below"] });
    expect(result).toEqual({ exitCode: 0, lines: ["1 passed, 0 failed"] });
    const pattern = await runTests({ "a_test.ts": `${passing} test("other", () => {});` }, { args: ["-t", "passes"] });
    expect(pattern).toEqual({ exitCode: 0, lines: ["1 passed, 0 failed, 1 skipped"] });
  });

  test("fails when a test fails", async () => {
    const result = await runTests({ "a_test.ts": `${passing} test("fails", () => { throw new Error("planted"); });` });
    expect(result).toEqual({ exitCode: 1, lines: ["1 passed, 1 failed"] });
  });

  test("names what could not run, once and in order, and succeeds without it", async () => {
    const result = await runTests({
      "a_test.ts": `${passing} ${needing("part <b>")}`,
      "b_test.ts": needing("part 'a'"),
    });
    expect(result).toEqual({
      exitCode: 0,
      lines: [
        "not run: part 'a' (strace is missing; apt-get install strace)",
        "not run: part <b> (strace is missing; apt-get install strace)",
        "1 passed, 0 failed, 4 skipped",
      ],
    });
  });

  test("fails for what could not run when REQUIRE_SERVERS=1", async () => {
    const tests = { "a_test.ts": `${passing} ${needing("a part")}` };
    expect(await runTests(tests, { env: { REQUIRE_SERVERS: "1" } })).toEqual({
      exitCode: 1,
      lines: [
        "failed: REQUIRE_SERVERS=1 lets nothing be left out",
        "not run: a part (strace is missing; apt-get install strace)",
        "1 passed, 0 failed, 2 skipped",
      ],
    });
  });

  test("runs what needs a tool when the tool is there", async () => {
    const { PATH = "" } = process.env;
    const source = `${passing} ${needing("a part").replaceAll("strace", "bun")}`;
    expect(await runTests({ "a_test.ts": source }, { env: { PATH, REQUIRE_SERVERS: "1" } })).toEqual({
      exitCode: 0,
      lines: ["3 passed, 0 failed"],
    });
  });

  test.each([
    `test.skip("planted", () => {});`,
    `test.todo("planted", () => {});`,
    `describe.skip("suite", () => { test("planted", () => {}); });`,
  ])("fails for a test that is skipped without a declared reason: %s", async (skipped) => {
    expect(await runTests({ "a_test.ts": `${passing} ${needing("a part")} ${skipped}` })).toEqual({
      exitCode: 1,
      lines: [
        "failed: skipped without a declared reason: planted",
        "not run: a part (strace is missing; apt-get install strace)",
        "1 passed, 0 failed, 3 skipped",
      ],
    });
  });

  test("fails when no test was run", async () => {
    expect((await runTests({ "a_test.ts": needing("a part") })).lines).toContain("failed: no test was run");
    const none = await runTests({ "a_test.ts": passing }, { args: ["elsewhere"] });
    expect(none).toEqual({
      exitCode: 1,
      lines: ["failed: the runner ended without a report (exit code 1)", "0 passed, 1 failed"],
    });
  });

  test("fails when a file of tests cannot be loaded", async () => {
    expect(await runTests({ "a_test.ts": passing, "b_test.ts": `import "./missing.ts";` })).toEqual({
      exitCode: 1,
      lines: ["failed: the runner failed outside of any test (exit code 1)", "1 passed, 1 failed"],
    });
  });

  test.each([
    ["process.exit(0)", "exit code 0"],
    [`process.kill(process.pid, "SIGKILL")`, "exit code null"],
  ])("fails when the runner dies by %s", async (death, ending) => {
    expect(await runTests({ "a_test.ts": `${passing} test("dies", () => { ${death}; });` })).toEqual({
      exitCode: 1,
      lines: [`failed: the runner ended without a report (${ending})`, "0 passed, 1 failed"],
    });
  });
});
