import { describe, expect, test } from "bun:test";
import { documents, headings, readDocument } from "./_markdown.ts";

const adrs = documents().filter((path) => path.startsWith("docs/adr/"));

describe("docs/adr", () => {
  test("is numbered without a hole or a double", () => {
    const numbers = adrs.map((path) => Number(/^docs\/adr\/(\d{4})-[a-z0-9-]+\.md$/.exec(path)?.[1]));
    expect(numbers).toEqual(adrs.map((_, index) => index + 1));
  });

  test.each(adrs)("%s has its number, its four headings, and at most 45 lines", async (path) => {
    const text = await readDocument(path);
    const number = Number(path.slice("docs/adr/".length).slice(0, 4));
    const [title, ...sections] = headings(text);
    expect(title?.text).toStartWith(`${number}. `);
    expect(sections).toEqual(
      ["Context", "Decision", "Alternatives", "Consequences"].map((name) => ({ level: 2, text: name })),
    );
    expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(45);
  });
});
