import { join } from "node:path";
import { parseArgs } from "node:util";
import { MAX_SEED } from "./random.ts";
import { UsageError } from "./usage.ts";

export const USAGE = `bun run verify [--log FILE] [options]

Replays an IRC log through the client, watches it from several places, and judges what was told and read.

  --log FILE          the log, by default one hour of tests/data: lines of \`[HH:MM] <nick> text\`, \`[HH:MM] * nick action\`, \`=== nick [host] has joined …\`
  --annotations FILE  which line answers which; by default FILE.annotation.txt beside a FILE.raw.txt, if it is there
  --lines N           only the first N lines
  --store NAME        embedded (the default) or memory: the store of a server that this starts by itself
  --url URL           a server that runs already, instead
  --tokens FILE       users of that server: lines \`nick<TAB>token\` or \`token\`, or JSON; without it, new ones sign up
  --users N           how many users there are at most; nicks share them (by default one a nick, 50 where they sign up)
  --in-flight N       how many acts are under way at once, 1 to 256 (8 by default; with 1, lines and changes have one order)
  --patience MS       how long to wait while nothing happens before what is missing is taken for lost (10000 by default)
  --seed N            repeats the chances of a run: its cuts, absences, reads and pages

Exits with 0 if every verdict holds, 1 with evidence if one does not, 2 if it was called otherwise than this.`;

/** What is replayed where no log is named. */
const SAMPLE: string = join(import.meta.dir, "../../tests/data/irc/2005-08-08_01.raw.txt");

export type Store = "embedded" | "memory";

export interface Arguments {
  readonly log: string;
  readonly annotations: string | null;
  readonly lines: number | null;
  readonly store: Store;
  readonly url: string | null;
  readonly tokens: string | null;
  readonly users: number | null;
  readonly inFlight: number;
  readonly patience: number;
  readonly seed: number | null;
}

const options = {
  log: { type: "string" },
  annotations: { type: "string" },
  lines: { type: "string" },
  store: { type: "string" },
  url: { type: "string" },
  tokens: { type: "string" },
  users: { type: "string" },
  "in-flight": { type: "string" },
  patience: { type: "string" },
  seed: { type: "string" },
  help: { type: "boolean" },
} as const;

/** Read what was asked for, or answer null if that was help. */
export function readArguments(argv: readonly string[]): Arguments | null {
  const { help, log = SAMPLE, annotations, url, tokens, store, ...values } = parse(argv);
  if (help) return null;
  if (tokens !== undefined && url === undefined) throw new UsageError("--tokens are of a server: give its --url too");
  if (url !== undefined && store !== undefined) {
    throw new UsageError("A server has its store: give --url or --store, not both");
  }
  if (store !== undefined && store !== "embedded" && store !== "memory") {
    throw new UsageError(`--store is embedded or memory, not ${store}`);
  }
  return {
    log,
    annotations: annotations ?? null,
    lines: wholeNumber("--lines", values.lines, 1),
    store: store ?? "embedded",
    url: url === undefined ? null : serverUrl(url),
    tokens: tokens ?? null,
    users: wholeNumber("--users", values.users, 1),
    inFlight: wholeNumber("--in-flight", values["in-flight"], 1, 256) ?? 8,
    patience: wholeNumber("--patience", values.patience, 1) ?? 10_000,
    seed: wholeNumber("--seed", values.seed, 0, MAX_SEED),
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, strict: true }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error} (--help tells all options)`);
  }
}

function wholeNumber(name: string, text: string | undefined, least: number, most = 2 ** 31 - 1): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError(`${name} is a whole number from ${least} to ${most}, not ${text}`);
}

function serverUrl(text: string): string {
  const { protocol } = URL.parse(text) ?? {};
  // Clients are given the address with /trpc, so it comes with it here too.
  if (protocol === "http:" || protocol === "https:") return text.replace(/(\/trpc)?\/*$/, "");
  throw new UsageError(`--url is the address of a server, like http://localhost:8080, not ${text}`);
}
