import { join } from "node:path";
import { PROJECT, run } from "./_planted.ts";

/** What dependency-cruiser found in a folder. */
export interface Cruise {
  /** The folder's own modules, sorted. */
  readonly modules: string[];
  /** Each violation as `rule: path of the module`, sorted. */
  readonly violations: string[];
  /** The names of the rules that were applied. */
  readonly rules: string[];
}

interface Report {
  readonly modules: readonly { source: string; coreModule?: boolean; couldNotResolve?: boolean }[];
  readonly summary: {
    readonly violations: readonly { from: string; rule: { name: string } }[];
    readonly ruleSetUsed: { readonly forbidden: readonly { name: string }[] };
  };
}

/** Cruise a folder by the rules of the project. */
export async function cruise(root: string): Promise<Cruise> {
  const cruiser = join(PROJECT, "node_modules/.bin/depcruise");
  const config = join(PROJECT, ".dependency-cruiser.mjs");
  const command = [process.execPath, "--bun", cruiser, "--config", config, "--output-type", "json", "."];
  const { stdout, stderr } = await run(command, { cwd: root });
  if (stdout === "") throw new Error(`dependency-cruiser gave no report: ${stderr}`);

  const { modules, summary } = JSON.parse(stdout) as Report;
  return {
    modules: modules
      .filter(({ coreModule, couldNotResolve }) => !coreModule && !couldNotResolve)
      .map(({ source }) => source)
      .filter((source) => !source.startsWith("node_modules/"))
      .sort(),
    violations: summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`).sort(),
    rules: summary.ruleSetUsed.forbidden.map(({ name }) => name),
  };
}
