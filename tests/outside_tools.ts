import { describe } from "bun:test";
import { appendFileSync } from "node:fs";

/** The tools that tests need beside Bun and the installed packages, and how to get each. */
const howToGet = {
  strace: "apt-get install strace",
};

/**
 * Describe tests that need an outside tool. Where it is missing they are skipped, and `bun run test` says at its end
 * what was not run and how to get the tool; any other skipped test fails that run.
 */
export function needsTool(tool: keyof typeof howToGet, what: string, tests: () => void): void {
  const missing = Bun.which(tool) === null;
  describe.skipIf(missing)(what, tests);
  const { NOT_RUN_FILE } = process.env;
  if (!missing || NOT_RUN_FILE === undefined) return;
  appendFileSync(NOT_RUN_FILE, `${JSON.stringify({ what, tool, howToGet: howToGet[tool] })}\n`);
}
