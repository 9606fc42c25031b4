import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { PROJECT } from "../architecture/_planted.ts";
import { anchorOf, documents, headings, inlineCode, linkTargets, readDocument } from "./_markdown.ts";

/** Folders that the documents name as not there yet. Once there, they are to be named otherwise. */
const NOT_YET = ["adapters/mongo", "adapters/postgres", "adapters/redis", "client"];

const PATH = /^(\.ci|adapters|application|client|docs|domain|server|tests|tools)(\/[\w.-]+)*\/?$/;
const FILE = /^[\w.-]+\.(json|md|mjs|toml|ts|yml)$/;

function namesPath(code: string): boolean {
  return (code.includes("/") && PATH.test(code)) || (FILE.test(code) && existsSync(join(PROJECT, code)));
}

/** Whether a link of a document leads somewhere. */
async function resolves(from: string, target: string): Promise<boolean> {
  const [path = "", anchor] = target.split("#");
  const document = path === "" ? from : normalize(join(dirname(from), path));
  if (!existsSync(join(PROJECT, document))) return false;
  return anchor === undefined || headings(await readDocument(document)).some((one) => anchorOf(one) === anchor);
}

describe.each(documents())("%s", (path) => {
  test("links to what is there", async () => {
    const targets = linkTargets(await readDocument(path)).filter((target) => !/^[a-z]+:/.test(target));
    const found = await Promise.all(targets.map((target) => resolves(path, decodeURI(target))));
    expect(targets.filter((_, index) => !found[index])).toEqual([]);
  });

  test("names only files and folders that are there", async () => {
    const paths = inlineCode(await readDocument(path)).filter(namesPath);
    const missing = paths.filter((named) => !existsSync(join(PROJECT, named)));
    expect(missing.filter((named) => !NOT_YET.some((folder) => `${named}/`.startsWith(`${folder}/`)))).toEqual([]);
  });
});

test("what is named as not there yet is not there", () => {
  expect(NOT_YET.filter((folder) => existsSync(join(PROJECT, folder)))).toEqual([]);
});
