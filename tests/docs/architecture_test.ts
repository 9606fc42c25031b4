import { expect, test } from "bun:test";
import { readDocument } from "./_markdown.ts";

test("ARCHITECTURE.md has at most 150 lines", async () => {
  const lines = (await readDocument("ARCHITECTURE.md")).trimEnd().split("\n");
  expect(lines.length).toBeLessThanOrEqual(150);
});
