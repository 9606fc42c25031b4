import { describe, expect, test } from "bun:test";
import { readConfiguration } from "../../main_config.ts";
import { readDocument, tableRows } from "./_markdown.ts";

/** A row of the table of variables: what is set as code in each of its cells. */
interface Row {
  readonly names: readonly string[];
  readonly fallback: readonly string[];
  readonly range: readonly string[];
}

describe.each(["README.md", "README.ko.md"])("the configuration of %s", async (path) => {
  const rows = tableRows(await readDocument(path))
    .map((cells) => cells.map((cell) => (cell.match(/`([^`]+)`/g) ?? []).map((code) => code.slice(1, -1))))
    .map(([names = [], fallback = [], range = []]): Row => ({ names, fallback, range }))
    .filter(({ names }) => names.length > 0 && names.every((name) => /^[A-Z][A-Z_]+$/.test(name)));

  test("names every variable that is read, and no other", () => {
    const named = rows.flatMap(({ names }) => names);
    expect(named.sort()).toEqual([...variablesRead()].sort());
  });

  test("tells the defaults as they are", () => {
    const unset = readConfiguration({});
    expect(unset.ok).toBe(true);
    for (const { names, fallback } of rows) {
      for (const value of fallback) expect(readConfiguration({ [String(names[0])]: value })).toEqual(unset);
    }
  });

  test("tells what each may be, and no more", () => {
    for (const { names, range } of rows) {
      const [name = ""] = names;
      for (const value of range) expect([name, value, isAccepted(name, value)]).toEqual([name, value, true]);
      const bounds = range.map(Number);
      if (range.length !== 2 || bounds.some(Number.isNaN)) continue;
      const [least = 0, most = 0] = bounds;
      expect([name, isAccepted(name, `${least - 1}`), isAccepted(name, `${most + 1}`)]).toEqual([name, false, false]);
    }
  });

  test("tells which must not be set", () => {
    const unsettable = rows.filter(({ names }) => names.length > 1).flatMap(({ names }) => names);
    expect(unsettable.filter((name) => isAccepted(name, "value"))).toEqual([]);
    expect(unsettable.length).toBeGreaterThan(0);
  });
});

/** The names that reading the configuration asks the environment for. */
function variablesRead(): ReadonlySet<string> {
  const asked = new Set<string>();
  const note = (name: string | symbol): undefined => {
    if (typeof name === "string" && /^[A-Z]/.test(name)) asked.add(name);
  };
  readConfiguration(new Proxy({}, { get: (_, name) => note(name) }));
  return asked;
}

function isAccepted(name: string, value: string): boolean {
  return readConfiguration({ [name]: value }).ok;
}
