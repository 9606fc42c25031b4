import { expect, test } from "bun:test";
import { join } from "node:path";
import { PROJECT, run, withPlanted } from "./_planted.ts";

/** Names that the rest of the project knows, and this folder must not. */
const unknown = {
  domain: ["process", "Bun", "Buffer", "crypto", "fetch", "setTimeout", "console", "WebSocket"],
  application: ["process", "Bun", "Buffer"],
};

for (const [folder, names] of Object.entries(unknown)) {
  test(`${folder}/ does not compile with ${names.join(", ")}`, async () => {
    const tree = {
      "package.json": `{ "type": "module" }`,
      "tsconfig.json": JSON.stringify({ extends: join(PROJECT, folder, "tsconfig.json"), include: ["."] }),
      "clean.ts": "export const clean: readonly number[] = [1, 2].toSorted();",
      ...Object.fromEntries(names.map((name) => [`${name}.ts`, `export const planted: boolean = ${name} === null;`])),
    };
    const tsc = [process.execPath, "--bun", join(PROJECT, "node_modules/.bin/tsc"), "--pretty", "false"];
    const { stdout } = await withPlanted(tree, (root) => run(tsc, { cwd: root }));

    const errors = stdout.trim().split("\n").sort();
    const expected = names.map((name) => `^${name}\\.ts\\(.*Cannot find name '${name}'`).sort();
    expect(errors).toEqual(expected.map((error) => expect.stringMatching(new RegExp(error))));
  });
}
