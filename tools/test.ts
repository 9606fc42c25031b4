/**
 * Runs `bun test` with the arguments given, and ends with what could not run for want of an outside tool and with the
 * count `N passed, N failed[, N skipped]`. A run fails when a test fails, when none ran, when a test is skipped without
 * a reason declared by `tests/outside_tools.ts`, and with `REQUIRE_SERVERS=1` also when anything could not run.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type JunitReport, readJunitReport } from "./_junit_report.ts";

/** What `tests/outside_tools.ts` records. */
interface NotRun {
  readonly what: string;
  readonly tool: string;
  readonly howToGet: string;
}

interface Run {
  readonly exitCode: number | null;
  /** Null when the runner did not get to its end. */
  readonly report: JunitReport | null;
  readonly notRun: readonly NotRun[];
}

const { REQUIRE_SERVERS } = process.env;

/** Run the tests with the runner's own output as it comes. */
async function runTests(args: readonly string[]): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), "sarangbang-test-"));
  const reportFile = join(folder, "junit.xml");
  const notRunFile = join(folder, "not_run.jsonl");
  const child = Bun.spawn([process.execPath, "test", "--reporter=junit", `--reporter-outfile=${reportFile}`, ...args], {
    env: { ...process.env, NOT_RUN_FILE: notRunFile },
    stdio: ["inherit", "inherit", "inherit"],
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  try {
    await child.exited;
    return {
      exitCode: child.exitCode,
      report: existsSync(reportFile) ? readJunitReport(readFileSync(reportFile, "utf8")) : null,
      notRun: existsSync(notRunFile) ? (Bun.JSONL.parse(readFileSync(notRunFile, "utf8")) as NotRun[]) : [],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Why the run fails, beyond the tests that failed. */
function faults({ exitCode, report, notRun }: Run, args: readonly string[]): string[] {
  if (report === null) return [`the runner ended without a report (exit code ${exitCode})`];
  const found: string[] = [];
  if (exitCode !== 0 && report.failed === 0)
    found.push(`the runner failed outside of any test (exit code ${exitCode})`);
  if (report.passed + report.failed === 0) found.push("no test was run");
  if (notRun.length > 0 && REQUIRE_SERVERS === "1") found.push("REQUIRE_SERVERS=1 lets nothing be left out");

  // The report calls a test skipped as well when its name does not match a pattern.
  if (args.some((arg) => /^(-t|--test-name-pattern)/.test(arg))) return found;
  const declared = new Set(notRun.map(({ what }) => what));
  const unaccounted = report.skipped.filter((names) => !names.some((name) => declared.has(name)));
  return [...found, ...unaccounted.map(([name]) => `skipped without a declared reason: ${name}`)];
}

/** `N passed, N failed[, N skipped]`; what fails outside of any test counts as one that failed, as the runner has it. */
function count({ exitCode, report }: Run): string {
  const { passed, failed, skipped } = report ?? { passed: 0, failed: 0, skipped: [] };
  const outside = failed === 0 && (report === null || exitCode !== 0) ? 1 : 0;
  return `${passed} passed, ${failed + outside} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ""}`;
}

const args = process.argv.slice(2);
const run = await runTests(args);
const found = faults(run, args);
const notRun = run.notRun.map(({ what, tool, howToGet }) => `not run: ${what} (${tool} is missing; ${howToGet})`);
const lines = [...found.map((fault) => `failed: ${fault}`), ...[...new Set(notRun)].sort(), count(run)];
console.log(`\n${lines.join("\n")}`);
process.exitCode = run.exitCode === 0 && found.length === 0 ? 0 : 1;
