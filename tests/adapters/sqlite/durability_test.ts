import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openSqliteStore } from "../../../adapters/sqlite/mod.ts";
import { expectGapless } from "../../contracts/_room_log_support.ts";
import { needsTool } from "../../outside_tools.ts";
import { startChild } from "./_children.ts";
import { temporaryFolder } from "./_stores.ts";

/** A call that a process made to the system: where in the trace it began and ended. */
interface Call {
  readonly name: string;
  readonly text: string;
  readonly begun: number;
  readonly ended: number;
}

/** The calls of a trace of `strace -f`, which tells a call in two lines where other threads come between. */
function callsOf(trace: string): readonly Call[] {
  const calls: Call[] = [];
  const unfinished = new Map<string, Omit<Call, "ended">>();
  for (const [index, line] of trace.split("\n").entries()) {
    const [, thread = "", rest = ""] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const name = /^(?:<\.\.\. )?(\w+)/.exec(rest)?.[1] ?? "";
    const begun = rest.startsWith("<...") ? unfinished.get(thread) : { name, text: rest, begun: index };
    if (begun === undefined) continue;
    if (rest.endsWith("<unfinished ...>")) unfinished.set(thread, begun);
    else calls.push({ ...begun, ended: index });
  }
  return calls;
}

/** Have a child write each message behind the answer to the last one; answers what it said of each. */
async function writeEach(folder: string, messages: readonly string[], tracer: readonly string[]): Promise<string[]> {
  const child = startChild([folder, "one"], tracer);
  expect(await child.line()).toBe("ready");
  const said: string[] = [];
  for (const message of messages) {
    child.write(message);
    said.push((await child.line()) ?? "");
  }
  child.endInput();
  expect(await child.exited).toBe(0);
  return said;
}

const MESSAGES = ["first", "second", "third", "fourth", "fifth", "sixth"];

needsTool("strace", "what a SqliteStore asks of the disk", () => {
  test("an answer comes after the log is synced, which comes after the log is written", async () => {
    const { folder, remove } = temporaryFolder();
    const trace = join(folder, "trace");
    const tracer = ["strace", "-f", "-y", "-s", "64", "-o", trace, "-e", "trace=pwrite64,fdatasync,fsync,write"];
    const said = await writeEach(folder, MESSAGES, tracer);
    expect(said).toEqual(MESSAGES.map((message) => `answered ${message}`));

    const calls = callsOf(readFileSync(trace, "utf8"));
    const answers = calls.filter(({ name, text }) => name === "write" && /^write\(1<.*"answered /.test(text));
    expect(answers).toHaveLength(MESSAGES.length);
    const ready = calls.find(({ text }) => /^write\(1<.*"ready/.test(text));
    let last = ready?.ended ?? Number.NaN;
    for (const { begun, ended } of answers) {
      const between = calls.filter((call) => call.begun > last && call.ended < begun);
      const ofLog = between.filter(({ text }) => text.includes("/sarangbang.sqlite-wal>"));
      const written = ofLog.findLast(({ name }) => name === "pwrite64");
      const synced = ofLog.findLast(({ name }) => name === "fdatasync" || name === "fsync");
      expect(written).toBeDefined();
      expect(synced?.begun).toBeGreaterThan(written?.ended ?? Number.NaN);
      last = ended;
    }
    remove();
  }, 60_000);

  test("what cannot be synced is answered with the fault, is not there, and what comes after it is written", async () => {
    const { folder, remove } = temporaryFolder();
    await (await openSqliteStore({ folder })).close();
    const log = join(folder, "sarangbang.sqlite-wal");
    const inject = ["-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO:when=4"];
    const tracer = ["strace", "-f", "-q", "-o", join(folder, "trace"), "-P", log, ...inject];
    const said = await writeEach(folder, MESSAGES, tracer);
    const failed = said.findIndex((line) => line.startsWith("failed"));
    expect(said[failed]).toContain("could not write");
    const answered = MESSAGES.filter((_, index) => index !== failed);
    expect(said.toSpliced(failed, 1)).toEqual(answered.map((message) => `answered ${message}`));

    const store = await openSqliteStore({ folder });
    const [, ...messages] = await expectGapless(store.log, 1 + answered.length);
    expect(messages.map((message) => "body" in message && message.body)).toEqual(answered);
    await store.close();
    remove();
  }, 60_000);
});
