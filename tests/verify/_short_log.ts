import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const NICKS = ["ann", "Ann", "|bob|", "carl_", "dora`"];

/** A log on disk, gone when it is disposed of. */
export interface ShortLog extends Disposable {
  readonly path: string;
}

/** Sixty lines in which five people come, speak, answer each other, go and come back. */
export function shortLog(): ShortLog {
  const lines = Array.from({ length: 60 }, (_, line) => {
    const nick = NICKS[line % NICKS.length] ?? "";
    if (line % 20 === 17) return `=== ${nick} [~who@host.example]  has left #room []`;
    if (line % 20 === 19) return `=== ${nick} [~who@host.example]  has joined #room`;
    return `[12:${String(line).padStart(2, "0")}] <${nick}> what ${nick} says in line ${line}`;
  });
  const answers = Array.from({ length: 25 }, (_, index) => `${index} ${index + 30} -`);
  return writeLog(lines.join("\n"), answers.join("\n"));
}

export function writeLog(lines: string, annotations = ""): ShortLog {
  const folder = mkdtempSync(join(tmpdir(), "sarangbang-verify-"));
  const path = join(folder, "short.raw.txt");
  writeFileSync(path, `${lines}\n`);
  writeFileSync(join(folder, "short.annotation.txt"), `${annotations}\n`);
  return { path, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}
