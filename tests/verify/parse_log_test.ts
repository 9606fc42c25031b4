import { expect, test } from "bun:test";
import { readFile } from "node:fs/promises";
import { type LogLine, parseAnnotations, parseLine, parseLog } from "../../tools/verify/parse_log.ts";

const data = (name: string): string => new URL(`../data/irc/${name}`, import.meta.url).pathname;

/** What a line comes to, wherever it stands. */
type Parsed = LogLine extends infer Line ? (Line extends LogLine ? Omit<Line, "line"> : never) : never;

const lines: readonly (readonly [string, Parsed])[] = [
  ["[12:18] <|trey|> usual, quite stable though  :)", said("|trey|", "usual, quite stable though  :)")],
  ["[08:21] <bohemian_> >\tanyone has an idea?", said("bohemian_", ">\tanyone has an idea?")],
  ["[12:19] <a>  two spaces <b> and more", said("a", " two spaces <b> and more")],
  ["[12:20] <brad[] > Hi, having some trouble", said("brad[]", "Hi, having some trouble")],
  ["[12:15] <opteron> ", said("opteron", "")],
  ["[23:00] <derbosepirat>", said("derbosepirat", "")],
  [
    "[09:19]  * ActionParsnip is hating his VMs today",
    said("ActionParsnip", "* ActionParsnip is hating his VMs today"),
  ],
  ["[07:09]  * homejoe ", said("homejoe", "* homejoe")],
  ["=== |trey| shuts up", said("|trey|", "* |trey| shuts up")],
  ["=== GNULinuxer *shrugs*", said("GNULinuxer", "* GNULinuxer *shrugs*")],
  ["=== tuxx [~tuxx@0x50a5a424.kd4nxx17.adsl-dhcp.tele.dk]  has joined #ubuntu", { kind: "joined", nick: "tuxx" }],
  ["=== topyli [~juha@dsl-hkigw3k9b.dial.inet.fi]  has left #ubuntu []", { kind: "left", nick: "topyli" }],
  [
    '=== DAC1138 [~dave@24-56-174-97.co.warpdriveonline.com]  has left #ubuntu [""Buy.]',
    { kind: "left", nick: "DAC1138" },
  ],
  ["=== Ann` [ann@host] has quit [Ping timeout]", { kind: "left", nick: "Ann`" }],
  ["=== animal__ is now known as animal_[away]", { kind: "renamed", nick: "animal__", to: "animal_[away]" }],
  ...[
    "=== ..[topic/#ubuntu:Seveas] : Official Ubuntu Help channel | Have a question? Just ask!",
    "=== mode/#ubuntu [-b *!*@24-176-44-122.dhcp.klmz.mi.charter.com]  by Seveas",
    "12:00 somebody says something",
    "",
  ].map((text) => [text, { kind: "other", text }] as const),
];

function said(nick: string, text: string): Parsed {
  return { kind: "said", nick, text };
}

test.each(lines)("parseLine() reads %p", (text, expected) => {
  expect(parseLine(text, 7)).toEqual({ line: 7, ...expected } as LogLine);
});

test("parseLog() counts lines from 0 and ends with the last newline", () => {
  const bytes = new TextEncoder().encode("[12:00] <ann> one\r\n\n[12:01] <bob> two\n");
  expect(parseLog(bytes)).toEqual([
    { line: 0, kind: "said", nick: "ann", text: "one" },
    { line: 1, kind: "other", text: "" },
    { line: 2, kind: "said", nick: "bob", text: "two" },
  ]);
});

test("parseLog() reads what is no UTF-8 as Latin-1, line by line", () => {
  const bytes = Buffer.concat([
    Buffer.from("[12:00] <a> caf\u00e9\n", "latin1"),
    Buffer.from("[12:01] <b> caf\u00e9 사랑방\n"),
  ]);
  expect(parseLog(bytes).map((one) => ("text" in one ? one.text : ""))).toEqual(["café", "café 사랑방"]);
});

test.each(["2005-08-08_01", "2009-02-23_10"])("parseLog() knows every line of %s", async (name) => {
  const log = parseLog(await readFile(data(`${name}.raw.txt`)));
  expect(log).toHaveLength(1_250);
  const unknown = log.filter((one) => one.kind === "other" && !/^=== (mode\/|\.\.\[topic\/)/.test(one.text));
  expect(unknown).toEqual([]);
});

test.each(["2005-08-08_01", "2009-02-23_10"])(
  "parseAnnotations() of %s answers lines in which people speak",
  async (name) => {
    const log = parseLog(await readFile(data(`${name}.raw.txt`)));
    const answers = parseAnnotations(await readFile(data(`${name}.annotation.txt`), "utf8"));
    expect(answers.length).toBeGreaterThan(150);
    for (const { from, to } of answers) {
      expect(from).toBeLessThan(to);
      expect([log[from]?.kind, log[to]?.kind]).toEqual(["said", "said"]);
    }
  },
);

test("parseAnnotations() leaves out what begins a conversation, and what is no annotation", () => {
  expect(parseAnnotations("3 4 -\n5 5 -\n\nnone\n4 9 - \n")).toEqual([
    { from: 3, to: 4 },
    { from: 4, to: 9 },
  ]);
});
