import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { PROJECT, withPlanted } from "./_planted.ts";

const server = `
  process.on("SIGTERM", () => process.exit(7));
  console.log("ready");
  setInterval(() => {}, 1000);
`;

/** Read a stream until it has said `ready`. */
async function ready(stream: ReadableStream<Uint8Array>): Promise<void> {
  let said = "";
  for await (const bytes of stream) {
    said += new TextDecoder().decode(bytes);
    if (said.includes("ready")) return;
  }
  throw new Error(`The stream ended without "ready": ${said}`);
}

describe("bun start", () => {
  test("passes SIGTERM on to main.ts, and the exit code back", async () => {
    const tree = { "package.json": JSON.stringify({ scripts: manifest.scripts }), "main.ts": server };
    const exitCode = await withPlanted(tree, async (root) => {
      const start = Bun.spawn([process.execPath, "start"], { cwd: root, stdout: "pipe", stderr: "ignore" });
      await ready(start.stdout);
      start.kill("SIGTERM");
      return await start.exited;
    });
    expect(exitCode).toBe(7);
  });
});

describe(".ci/run", () => {
  test.each(["README.md", "README.ko.md"])("tests by the command that %s gives", async (readme) => {
    const script = await Bun.file(join(PROJECT, ".ci/run")).text();
    const [command = ""] = /^npx -y bun@[\d.]+ run test/m.exec(script) ?? [];
    expect(command).not.toBe("");
    expect((await Bun.file(join(PROJECT, readme)).text()).split("\n")).toContain(command);
  });
});
