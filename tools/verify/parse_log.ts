/**
 * A line of an IRC log, as the Ubuntu channels were logged. `line` counts from 0 over the whole file, as annotations
 * do. Old logs write actions and events alike as `=== nick …`; an event names the host in brackets, or is a rename.
 */
export type LogLine = { readonly line: number } & (
  | { readonly kind: "said"; readonly nick: string; readonly text: string }
  | { readonly kind: "joined" | "left"; readonly nick: string }
  | { readonly kind: "renamed"; readonly nick: string; readonly to: string }
  /** A topic, a mode, an empty line, or what no rule knows: nothing that a user did in the room. */
  | { readonly kind: "other"; readonly text: string }
);

/** Which line (`to`) answers which (`from`), by annotators. */
export interface Answer {
  readonly from: number;
  readonly to: number;
}

const SAID = /^\[\d\d:\d\d\] <([^>\s]+) *> ?(.*)$/s;
const ACTION = /^\[\d\d:\d\d\] {1,2}\* (\S+) ?(.*)$/s;
const CAME_OR_WENT = /^=== (\S+) \[.*?\]\s+has (joined|left|quit)\b/;
const RENAMED = /^=== (\S+) is now known as (\S+)\s*$/;
/** Servers and channels have `.`, `/`, `:` or `#` in their names, nicks do not. */
const OLD_ACTION = /^=== ([\p{L}\p{N}[\]\\`_^{|}-]+) (.+)$/su;

/** Read a log. Bytes that are no UTF-8 are read as Latin-1, line by line, as people wrote before UTF-8 was usual. */
export function parseLog(bytes: Uint8Array): readonly LogLine[] {
  const lines = splitLines(bytes);
  if (lines.at(-1)?.length === 0) lines.pop();
  return lines.map((one, line) => parseLine(decode(one), line));
}

export function parseLine(text: string, line: number): LogLine {
  const [, speaker, said] = SAID.exec(text) ?? [];
  if (speaker !== undefined) return { line, kind: "said", nick: speaker, text: said ?? "" };
  const [, actor, done] = ACTION.exec(text) ?? [];
  if (actor !== undefined) return action(line, actor, done ?? "");
  const [, nick, what] = CAME_OR_WENT.exec(text) ?? [];
  if (nick !== undefined) return { line, kind: what === "joined" ? "joined" : "left", nick };
  const [, old, to] = RENAMED.exec(text) ?? [];
  if (old !== undefined && to !== undefined) return { line, kind: "renamed", nick: old, to };
  const [, other, did] = OLD_ACTION.exec(text) ?? [];
  return other === undefined ? { line, kind: "other", text } : action(line, other, did ?? "");
}

/** What somebody does is said in the form that people see: `* nick shrugs`. */
function action(line: number, nick: string, done: string): LogLine {
  return { line, kind: "said", nick, text: `* ${nick} ${done}`.trimEnd() };
}

/** Read annotations, `from to -` a line; a line that answers itself begins a conversation and answers nothing. */
export function parseAnnotations(text: string): readonly Answer[] {
  return text.split("\n").flatMap((line) => {
    const [, from, to] = /^(\d+) (\d+) -\s*$/.exec(line) ?? [];
    if (from === undefined || to === undefined || from === to) return [];
    return [{ from: Number(from), to: Number(to) }];
  });
}

function splitLines(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let start = 0; start <= bytes.length; ) {
    const newline = bytes.indexOf(10, start);
    const end = newline === -1 ? bytes.length : newline;
    lines.push(bytes.subarray(start, bytes[end - 1] === 13 && end > start ? end - 1 : end));
    start = end + 1;
  }
  return lines;
}

function decode(line: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(line);
  } catch {
    return new TextDecoder("latin1").decode(line);
  }
}
