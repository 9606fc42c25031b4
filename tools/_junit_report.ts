/** What the runner's JUnit report says of a run. */
export interface JunitReport {
  readonly passed: number;
  readonly failed: number;
  /** Each skipped test: its name, and those of the suites around it. */
  readonly skipped: readonly string[][];
}

const totals = /<testsuites [^>]*tests="(\d+)"[^>]*failures="(\d+)"[^>]*skipped="(\d+)"/;
const skippedTest = /<testcase name="([^"]*)" classname="([^"]*)"[^>]*>\s*<skipped/g;
const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Read the JUnit report that `bun test` writes. */
export function readJunitReport(xml: string): JunitReport {
  const counts = totals.exec(xml)?.slice(1).map(Number);
  if (counts === undefined) throw new Error("The report of the tests has no <testsuites> with its totals.");
  const [tests = 0, failed = 0, skipped = 0] = counts;
  return {
    passed: tests - failed - skipped,
    failed,
    skipped: [...xml.matchAll(skippedTest)].map(([, name = "", suites = ""]) =>
      [name, ...decode(suites).split(" > ")].map(decode),
    ),
  };
}

function decode(text: string): string {
  return text.replace(/&(\w+);/g, (entity, name: string) => entities[name] ?? entity);
}
