// @ts-check
import { builtinModules } from "node:module";

/** Node's built-in modules, without Bun's own. */
const node = builtinModules.filter((name) => !name.startsWith("bun"));

const doors = ["domain/mod.ts", "application/mod.ts"];

/**
 * What a folder may import beside itself, and nothing else: modules of the project (a folder ends in `/`), packages, built-ins.
 * A new adapter is one line here.
 */
const allowed = {
  domain: [],
  application: ["domain/mod.ts"],
  "adapters/memory": [...doors, "crypto"],
  "adapters/bun": [...doors, ...node],
  "adapters/sqlite": [...doors, ...node, "bun:sqlite", "drizzle-orm"],
  "adapters/lucia": [...doors, "crypto", "lucia"],
  "adapters/trpc": [...doors, "@trpc/server", "zod"],
  "adapters/ws": [...doors, "@trpc/server"],
  "adapters/http": [...doors, "@trpc/server", "elysia"],
  server: [...doors, "adapters/trpc/", "adapters/ws/", "adapters/http/"],
  client: ["domain/mod.ts", "adapters/trpc/", "@trpc/client"],
};

const mains = ["main.ts", "main_config.ts", "main_output.ts", "main_resources.ts"];
const shipped = ["domain/", "application/", "adapters/", "server/", "client/", ...mains];
const unshipped = ["tests/", "tools/", "bench/", "examples/"];

/** A pattern of the paths of these modules, as the cruiser resolves them. */
function paths(/** @type {string[]} */ modules) {
  return modules.map((name) => {
    const escaped = name.replaceAll(".", "\\.");
    if (escaped.endsWith("/")) return `^${escaped}`;
    return `^${escaped}$|(^|/)node_modules/${escaped}/`;
  });
}

const folders = Object.entries(allowed).map(([folder, modules]) => ({
  name: folder,
  comment: `${folder} imports only itself and what the table of .dependency-cruiser.mjs lists for it.`,
  severity: /** @type {const} */ ("error"),
  from: { path: paths([`${folder}/`]) },
  to: { pathNot: paths([`${folder}/`, ...modules]) },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    ...folders,
    {
      name: "listed",
      comment: "A folder of shipped code without a line in the table of .dependency-cruiser.mjs imports nothing.",
      severity: "error",
      from: { path: "/", pathNot: paths([...Object.keys(allowed).map((folder) => `${folder}/`), ...unshipped]) },
      to: {},
    },
    {
      name: "client-types",
      comment: "The client takes types from the router, and no code.",
      severity: "error",
      from: { path: paths(["client/"]) },
      to: { path: paths(["adapters/"]), dependencyTypesNot: ["type-only"] },
    },
    {
      name: "main-last",
      comment: "main.ts puts everything together, so nothing imports it.",
      severity: "error",
      from: {},
      to: { path: paths(["main.ts"]) },
    },
    {
      name: "shipped-alone",
      comment: "Code that is shipped needs neither the tests nor the tools.",
      severity: "error",
      from: { path: paths(mains) },
      to: { path: paths(unshipped) },
    },
    {
      name: "shipped-dependencies",
      comment: "Whoever installs the package has no devDependencies.",
      severity: "error",
      from: { path: paths(shipped) },
      to: { dependencyTypes: ["npm-dev"] },
    },
    {
      name: "no-cycle",
      comment: "Modules that need each other to run cannot be loaded one by one. Types may name each other.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
  ],
  options: {
    doNotFollow: "node_modules",
    exclude: "^try/",
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
  },
};
