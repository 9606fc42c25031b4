import { join } from "node:path";
import { PROJECT } from "../architecture/_planted.ts";

/** A fenced block: what stands behind the opening fence, and the lines between the fences. */
export interface CodeBlock {
  readonly language: string;
  readonly source: string;
}

export interface Heading {
  readonly level: number;
  readonly text: string;
}

const FENCED = /^```(\S*)[^\n]*\n([\s\S]*?)^```$/gm;

/** Read a document of the project. */
export function readDocument(path: string): Promise<string> {
  return Bun.file(join(PROJECT, path)).text();
}

/** The Markdown files of the project, by their paths from its root, sorted. */
export function documents(): string[] {
  const paths = [...new Bun.Glob("**/*.md").scanSync({ cwd: PROJECT })];
  return paths.filter((path) => !/(^|\/)(node_modules|data)\//.test(path)).sort();
}

export function codeBlocks(markdown: string): CodeBlock[] {
  return [...markdown.matchAll(FENCED)].map(([, language = "", source = ""]) => ({ language, source }));
}

/** The text without its fenced blocks. */
export function prose(markdown: string): string {
  return markdown.replace(FENCED, "");
}

export function headings(markdown: string): Heading[] {
  return [...prose(markdown).matchAll(/^(#{1,6}) (.+)$/gm)].map(([, marks = "", text = ""]) => ({
    level: marks.length,
    text,
  }));
}

/** The rows of all tables, without their heads, as trimmed cells; `\|` stands for a bar in a cell. */
export function tableRows(markdown: string): string[][] {
  const lines = prose(markdown).split("\n");
  return lines
    .filter((line, index) => line.startsWith("|") && !isRule(line) && !isRule(lines[index + 1] ?? ""))
    .map((line) =>
      line
        .slice(1, line.lastIndexOf("|"))
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim().replaceAll("\\|", "|")),
    );
}

/** What is set as code within lines. */
export function inlineCode(markdown: string): string[] {
  return [...prose(markdown).matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
}

/** Where links lead: `[text](target)`. */
export function linkTargets(markdown: string): string[] {
  const bare = prose(markdown).replace(/`[^`\n]+`/g, "code");
  return [...bare.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
}

/** The name under which a heading can be linked to. */
export function anchorOf({ text }: Heading): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");
}

function isRule(line: string): boolean {
  return /^\|[\s:|-]+\|$/.test(line);
}
