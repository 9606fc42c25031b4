import { readFile } from "node:fs/promises";
import type { Arguments, Store } from "./arguments.ts";
import { readArguments, USAGE } from "./arguments.ts";
import type { OwnServer } from "./own_server.ts";
import { startOwnServer } from "./own_server.ts";
import { parseAnnotations, parseLog } from "./parse_log.ts";
import type { People } from "./people.ts";
import { knownPeople, newAccounts, parseTokens } from "./people.ts";
import { makePlan, type Plan } from "./plan.ts";
import { createProgressBar } from "./progress_bar.ts";
import { MAX_SEED } from "./random.ts";
import { report } from "./report.ts";
import type { RunOptions } from "./run.ts";
import { RunFailed, run } from "./run.ts";
import { STAFF } from "./staff.ts";
import { UsageError } from "./usage.ts";
import { judge } from "./verdicts/mod.ts";

export interface CommandOptions {
  /** Starts the server that a run without `--url` needs. */
  readonly startServer?: (store: Store) => Promise<OwnServer>;
  readonly print?: (text: string) => void;
  readonly chances?: Partial<Pick<RunOptions, "probeOneIn" | "snapshotOneIn">>;
}

/** One event in so many is read after, and one in so many brings a snapshot, unless a caller says otherwise. */
const CHANCES = { probeOneIn: 10, snapshotOneIn: 40 };
/** Signing up costs a password hash, and an address may do it sixty times a minute. */
const MOST_NEW_ACCOUNTS = 50;

/** Verify as the arguments say, and answer the exit code: 0 all holds, 1 something does not, 2 called wrongly. */
export async function verify(argv: readonly string[], options: CommandOptions = {}): Promise<0 | 1 | 2> {
  const { startServer = startOwnServer, print = console.log, chances = {} } = options;
  try {
    const asked = readArguments(argv);
    if (asked === null) {
      print(USAGE);
      return 0;
    }
    const place = await placeOf(asked, startServer);
    try {
      return await verifyAt(place, asked, { ...CHANCES, ...chances }, print);
    } finally {
      await place.close();
    }
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof RunFailed)) throw error;
    print(error.message);
    return error instanceof UsageError ? 2 : 1;
  }
}

/** Where to verify, and who can act there. */
interface Place {
  readonly name: string;
  readonly url: string;
  readonly people: People;
  close(): Promise<void>;
}

async function placeOf(asked: Arguments, startServer: (store: Store) => Promise<OwnServer>): Promise<Place> {
  const { url, tokens, store, users } = asked;
  if (url === null) {
    const server = await startServer(store);
    return { ...server, name: `the ${store} store`, close: server.close };
  }
  const people =
    tokens === null
      ? newAccounts(url, (users ?? MOST_NEW_ACCOUNTS) + staffCount)
      : knownPeople(url, parseTokens(new TextDecoder().decode(await fileOf(tokens))));
  return { name: url, url, people, close: async () => {} };
}

const staffCount = Object.keys(STAFF).length;

async function verifyAt(
  { name, url, people }: Place,
  asked: Arguments,
  chances: typeof CHANCES,
  print: (text: string) => void,
): Promise<0 | 1> {
  const plan = await planOf(asked, people);
  const seed = asked.seed ?? crypto.getRandomValues(new Uint32Array(1))[0] ?? MAX_SEED;
  const { inFlight, patience } = asked;
  const bar = createProgressBar(plan.acts.length);
  const settings = { ...chances, url, people, plan, seed, inFlight, patience, onProgress: bar.show };
  const ran = await run(settings).finally(bar.clear);
  const judged = judge(ran.recording);
  print(report({ ...ran, log: asked.log, place: name, plan, seed, judged }));
  return judged.every(({ findings }) => findings.length === 0) ? 0 : 1;
}

async function planOf(asked: Arguments, { most }: People): Promise<Plan> {
  const lines = parseLog(await fileOf(asked.log)).slice(0, asked.lines ?? undefined);
  const annotations = await annotationsOf(asked);
  const users = Math.min(asked.users ?? Number.POSITIVE_INFINITY, most - staffCount);
  if (users < 1) throw new UsageError(`There are too few users: at least ${staffCount + 1} are needed`);
  const plan = makePlan(lines, parseAnnotations(annotations), { users });
  if (plan.acts.length === 0) throw new UsageError(`${asked.log} has no line of the format that --help shows`);
  return plan;
}

async function annotationsOf({ annotations, log }: Arguments): Promise<string> {
  const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  if (annotations !== null) return decode(await fileOf(annotations));
  const beside = log.replace(/\.raw\.txt$/, ".annotation.txt");
  return beside !== log && (await Bun.file(beside).exists()) ? decode(await fileOf(beside)) : "";
}

async function fileOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new UsageError(`Cannot read ${path}: ${error instanceof Error ? error.message : error}`);
  }
}
