import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { cruise } from "./_cruise.ts";
import { PROJECT, run, type Tree, withPlanted } from "./_planted.ts";

const packages = ["@trpc/client", "@trpc/server", "drizzle-orm", "elysia", "lucia", "zod", "fast-check", "foreign"];

/** A small project that keeps every rule. */
const clean: Tree = {
  "package.json": JSON.stringify({
    dependencies: Object.fromEntries(packages.filter((name) => name !== "fast-check").map((name) => [name, "1"])),
    devDependencies: { "fast-check": "1" },
  }),
  "tsconfig.json": JSON.stringify({ compilerOptions: { module: "NodeNext", allowImportingTsExtensions: true } }),
  ...Object.fromEntries(packages.map((name) => [`node_modules/${name}/index.js`, ""])),
  "domain/mod.ts": `export * from "./inner.ts";`,
  "domain/inner.ts": `export type Inner = 1;`,
  "application/mod.ts": `export * from "./inner.ts"; export * from "./ports/port.ts";`,
  "application/inner.ts": `export type { Inner as Used } from "../domain/mod.ts";`,
  "application/ports/port.ts": `export interface Port {}`,
  "adapters/memory/mod.ts": `import "../../application/mod.ts"; import "../../domain/mod.ts";`,
  "adapters/bun/mod.ts": `import "node:crypto"; import "node:fs/promises"; import "../../domain/mod.ts";`,
  "adapters/sqlite/mod.ts": `import "bun:sqlite"; import "drizzle-orm"; import "../../application/mod.ts";`,
  "adapters/lucia/mod.ts": `import "lucia";`,
  "adapters/trpc/mod.ts": `import "@trpc/server"; import "zod"; export type Router = 1;`,
  "adapters/ws/mod.ts": `import "@trpc/server";`,
  "adapters/http/mod.ts": `import "elysia"; import "@trpc/server";`,
  "server/mod.ts": `import "../adapters/trpc/mod.ts"; import "../adapters/ws/mod.ts"; import "../adapters/http/mod.ts";`,
  "client/mod.ts": `import type { Router } from "../adapters/trpc/mod.ts"; import "../domain/mod.ts"; import "@trpc/client";`,
  "main.ts": `import "./server/mod.ts"; import "./adapters/sqlite/mod.ts"; import "node:fs"; import "zod";`,
  "tools/tool.ts": `import "fast-check"; import "../server/mod.ts";`,
  "tests/tests.ts": `import "fast-check"; import "../domain/inner.ts"; import "../tools/tool.ts";`,
};

/** Modules, or lines added to a module of the clean project, that each break the rule named and no other. */
const planted: Record<string, Tree> = {
  domain: {
    "domain/planted_package.ts": `import "zod";`,
    "domain/planted_type.ts": `import type { Database } from "bun:sqlite";`,
    "domain/planted_builtin.ts": `import "node:crypto";`,
    "domain/planted_outwards.ts": `export type Port = import("../application/mod.ts").Port;`,
    "domain/planted_missing.ts": `import "not-installed";`,
  },
  application: {
    "application/planted_package.ts": `import "zod";`,
    "application/planted_builtin.ts": `import "node:fs";`,
    "application/planted_past_the_door.ts": `import type { Inner } from "../domain/inner.ts";`,
    "application/planted_outwards.ts": `await import("../adapters/memory/mod.ts");`,
  },
  server: {
    "server/planted_store.ts": `import "../adapters/sqlite/mod.ts";`,
    "server/planted_past_the_door.ts": `import "../application/inner.ts";`,
    "server/planted_package.ts": `import "foreign";`,
  },
  client: {
    "client/planted_application.ts": `import type { Port } from "../application/mod.ts";`,
    "client/planted_package.ts": `import "foreign";`,
  },
  listed: { "adapters/unlisted/planted.ts": `import "../../domain/mod.ts";` },
  "client-types": { "client/planted_code.ts": `import "../adapters/trpc/mod.ts";` },
  "main-last": { "tools/planted.ts": `import "../main.ts";` },
  "shipped-alone": { "main.ts": `import "./tests/tests.ts";` },
  "shipped-dependencies": { "main.ts": `import "fast-check";` },
  "no-cycle": { "domain/inner.ts": `export * as again from "./mod.ts";` },
};

/** What no adapter may import: another adapter, what is behind a door, a package that is not its driver. */
function plantedAdapter(folder: string): Tree {
  const other = folder === "adapters/memory" ? "bun" : "memory";
  return {
    [`${folder}/planted_other.ts`]: `import "../${other}/mod.ts";`,
    [`${folder}/planted_past_the_door.ts`]: `import type { Port } from "../../application/ports/port.ts";`,
    [`${folder}/planted_past_the_inner_door.ts`]: `import "../../domain/inner.ts";`,
    [`${folder}/planted_package.ts`]: `import "foreign";`,
  };
}

describe("the dependency rule", () => {
  test("holds in every module of the project", async () => {
    const command = ["git", "-c", "safe.directory=*", "ls-files", "-co", "--exclude-standard", "*.ts"];
    const { stdout } = await run(command, { cwd: PROJECT });
    const modules = stdout.split("\n").filter((path) => path !== "" && existsSync(join(PROJECT, path)));
    const seen = await cruise(PROJECT);

    expect(modules).toContain("domain/mod.ts");
    expect(seen.modules.filter((path) => path.endsWith(".ts"))).toEqual(modules.sort());
    expect(seen.violations).toEqual([]);
  });

  test("has nothing against a clean project", async () => {
    const { modules, violations } = await withPlanted(clean, cruise);
    expect(modules).toEqual(sources(clean));
    expect(violations).toEqual([]);
  });

  test("is broken by each planted module in the one way that is planted, and every rule has such a module", async () => {
    const { rules } = await withPlanted(clean, cruise);
    const adapters = rules.filter((rule) => rule.startsWith("adapters/"));
    const all = { ...planted, ...Object.fromEntries(adapters.map((rule) => [rule, plantedAdapter(rule)])) };
    const tree = { ...clean };
    for (const [path, source] of Object.values(all).flatMap(Object.entries<string>))
      tree[path] = `${tree[path] ?? ""}${source}`;
    const { violations } = await withPlanted(tree, cruise);

    expect(violations).toEqual(
      Object.entries(all)
        .flatMap(([rule, modules]) => Object.keys(modules).map((path) => `${rule}: ${path}`))
        .sort(),
    );
    expect(Object.keys(all).sort()).toEqual(rules.sort());
  });
});

function sources(tree: Tree): string[] {
  return Object.keys(tree)
    .filter((path) => path.endsWith(".ts"))
    .sort();
}
