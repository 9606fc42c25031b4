/**
 * Runs every check of the source, all at once: each script of package.json whose name begins with `check:`. Prints what
 * each that failed had to say, and which failed.
 */
import manifest from "../package.json" with { type: "json" };

const parts = Object.keys(manifest.scripts).filter((script) => script.startsWith("check:"));

async function passes(part: string): Promise<boolean> {
  const child = Bun.spawn([process.execPath, "run", "--silent", part], { stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr] = await Promise.all([child.stdout, child.stderr].map(Bun.readableStreamToText));
  const passed = (await child.exited) === 0;
  console.log(passed ? `passed  ${part}` : `\nFAILED  ${part}\n${stdout}${stderr}`);
  return passed;
}

const passed = await Promise.all(parts.map(passes));
const failed = parts.filter((_, part) => !passed[part]);
if (failed.length > 0) console.log(`failed: ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
