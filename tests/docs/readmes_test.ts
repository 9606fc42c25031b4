import { describe, expect, test } from "bun:test";
import { codeBlocks, headings, prose, readDocument, tableRows } from "./_markdown.ts";

const [english, korean] = await Promise.all(["README.md", "README.ko.md"].map(readDocument));

describe("README.md and README.ko.md", () => {
  test("have the same code, to the byte", () => {
    expect(codeBlocks(english ?? "").length).toBeGreaterThan(0);
    expect(codeBlocks(korean ?? "")).toEqual(codeBlocks(english ?? ""));
  });

  test("have the same sections", () => {
    expect(levels(korean)).toEqual(levels(english));
  });

  test("have the same tables, row by row", () => {
    expect(namedRows(korean)).toEqual(namedRows(english));
  });

  test("lead to the same places", () => {
    expect(places(korean)).toEqual(places(english));
  });
});

function levels(markdown = ""): number[] {
  return headings(markdown).map(({ level }) => level);
}

/** Of each row what is code, which no language alters. */
function namedRows(markdown = ""): string[][] {
  return tableRows(markdown).map((cells) => cells.flatMap((cell) => cell.match(/`[^`]+`/g) ?? []).sort());
}

/** The files linked to, apart from the other README. */
function places(markdown = ""): string[] {
  const targets = [...prose(markdown).matchAll(/\]\(([^)\s#]+)\)/g)].map(([, target = ""]) => target);
  return [...new Set(targets)].filter((target) => !/^README(\.ko)?\.md$/.test(target)).sort();
}
