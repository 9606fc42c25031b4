import { join } from "node:path";
import ts from "typescript";

/**
 * What lacks for every adapter to be held by its port's contract, a sentence each, sorted:
 * `application/ports/<port>.ts` is a port, `tests/contracts/<port>.ts` exports its suite `test<Port>`, and each
 * `adapters/<technology>/<port>.ts` is run by it in `tests/adapters/<technology>_test.ts`, `<technology>_…_test.ts`, or in a test below
 * `tests/adapters/<technology>/`.
 */
export async function missingContracts(root: string): Promise<string[]> {
  const missing: string[] = [];
  for (const port of await portsOf(root)) {
    const suite = suiteOf(port);
    const contract = `tests/contracts/${port}.ts`;
    if (!(await exportsOf(join(root, contract))).has(suite)) {
      missing.push(`application/ports/${port}.ts has no contract: export ${suite}() from ${contract}`);
    }
    for (const adapter of files(root, `adapters/*/${port}.ts`)) {
      const technology = adapter.split("/")[1] ?? "";
      const tests = files(
        root,
        `tests/adapters/${technology}{_test,_*_test}.ts`,
        `tests/adapters/${technology}/**/*_test.ts`,
      );
      const calls = await Promise.all(tests.map((path) => callsOf(join(root, path))));
      if (calls.some((called) => called.has(suite))) continue;
      missing.push(`${adapter} is not held by its contract: call ${suite}() in tests/adapters/${technology}_test.ts`);
    }
  }
  return missing.sort();
}

/** The names of the ports in the order of the alphabet; the door and private files are none. */
export async function portsOf(root: string): Promise<string[]> {
  return files(root, "application/ports/*.ts")
    .map((path) => path.replace(/^.*\/|\.ts$/g, ""))
    .filter((name) => name !== "mod" && !name.startsWith("_"));
}

/** `room_log` → `testRoomLog`. */
function suiteOf(port: string): string {
  return `test${port.replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase())}`;
}

function files(root: string, ...patterns: string[]): string[] {
  return patterns.flatMap((pattern) => [...new Bun.Glob(pattern).scanSync({ cwd: root })]).sort();
}

/** The functions that a module declares and exports; none if there is no such module. */
async function exportsOf(path: string): Promise<Set<string>> {
  if (!(await Bun.file(path).exists())) return new Set();
  const { statements } = await parse(path);
  return new Set(
    statements
      .filter(ts.isFunctionDeclaration)
      .filter(({ modifiers }) => modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
      .map(({ name }) => name?.text ?? "default"),
  );
}

/** The names of the functions that a module calls, at any depth. */
async function callsOf(path: string): Promise<Set<string>> {
  const called = new Set<string>();
  function visit(node: ts.Node): void {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) called.add(node.expression.text);
    ts.forEachChild(node, visit);
  }
  visit(await parse(path));
  return called;
}

async function parse(path: string): Promise<ts.SourceFile> {
  return ts.createSourceFile(path, await Bun.file(path).text(), ts.ScriptTarget.Latest);
}
