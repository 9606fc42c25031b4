import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFile } from "node:fs/promises";
import { startOwnServer } from "../../tools/verify/own_server.ts";
import { parseAnnotations, parseLog } from "../../tools/verify/parse_log.ts";
import { makePlan } from "../../tools/verify/plan.ts";
import { createProgressBar } from "../../tools/verify/progress_bar.ts";
import { createRandom } from "../../tools/verify/random.ts";
import type { ActRecord, Recording } from "../../tools/verify/recording.ts";
import { changesOf, logOf } from "../../tools/verify/recording.ts";
import { run } from "../../tools/verify/run.ts";
import { STAFF } from "../../tools/verify/staff.ts";
import { ordered } from "../../tools/verify/verdicts/acts.ts";
import { judge } from "../../tools/verify/verdicts/mod.ts";
import { shortLog } from "./_short_log.ts";

let recording: Recording;
const server = await startOwnServer("memory");
using log = shortLog();
const lines = parseLog(await readFile(log.path));
const answers = parseAnnotations(await readFile(log.path.replace("raw", "annotation"), "utf8"));
const plan = makePlan(lines, answers);

beforeAll(async () => {
  const settings = { inFlight: 1, patience: 5_000, probeOneIn: 2, snapshotOneIn: 8, seed: 42 };
  ({ recording } = await run({ ...settings, url: server.url, people: server.people, plan }));
});
afterAll(() => server.close());

const observer = (name: string) => recording.observers.find((one) => one.name === name);

test("run() carries out every act of the plan, in the log's order where one is under way at a time", () => {
  const texts = lines.flatMap((line) => (line.kind === "said" ? [line.text] : []));
  const posted = [...logOf(recording).values()].flatMap((change) => (change.kind === "message_posted" ? change : []));
  expect(posted.map(({ body }) => body)).toEqual(texts);
  expect(posted.filter(({ replyTo }) => replyTo !== null).length).toBe(
    plan.acts.filter(({ intention }) => intention.kind === "post" && intention.replyTo !== null).length,
  );
});

test.each([STAFF.cut, STAFF.absent])("run() takes the connection of %s away, who comes back each time", (name) => {
  const { cuts = 0, told = [] } = observer(name) ?? {};
  const begun = told.filter(({ event }) => event.kind === "cursor").length;
  expect(cuts).toBeGreaterThanOrEqual(3);
  // A cut after the last event leaves nothing to come back for.
  expect([cuts, cuts + 1]).toContain(begun);
});

test("run() has someone come late, read what there is and observe from there", () => {
  const late = observer(STAFF.latecomer);
  const first = late?.told[0]?.place.sequence ?? 0;
  expect(first).toBeGreaterThan(10);
  expect(first + changesOf(late ?? { told: [] }).length).toBe(recording.head);
  expect(recording.pages.map(({ reader }) => reader)).toEqual([STAFF.latecomer, STAFF.witness]);
});

test("run() sends some posts twice, and reads at once after changes", () => {
  expect(recording.acts.some(({ again }) => again !== null)).toBe(true);
  expect(recording.probes.length).toBeGreaterThan(20);
  expect(judge(recording).flatMap(({ findings }) => findings)).toEqual([]);
});

test("`ordered` finds an act that comes in the log before one that was acknowledged before it began", () => {
  const [first, second, ...rest] = recording.acts.filter(({ act }) => act.intention.kind === "post");
  if (first === undefined || second === undefined) throw new Error("the log has posts");
  const times = ({ started, ended }: ActRecord) => ({ started, ended });
  const exchanged = [{ ...first, ...times(second) }, { ...second, ...times(first) }, ...rest];
  const findings = ordered.judge({ ...recording, acts: exchanged });
  expect(findings).toMatchObject([
    { who: expect.stringContaining("'s post"), expected: expect.stringContaining("behind") },
  ]);
  expect(ordered.judge({ ...recording, acts: [first, second, ...rest] })).toEqual([]);
});

test("createRandom() comes out the same for the same seed, within its bounds", () => {
  const draw = (seed: number): number[] => {
    const random = createRandom(seed).fork("name");
    return Array.from({ length: 200 }, () => random.between(3, 7));
  };
  expect(draw(5)).toEqual(draw(5));
  expect(draw(5)).not.toEqual(draw(6));
  expect([...new Set(draw(5))].sort()).toEqual([3, 4, 5, 6, 7]);
});

test.each([true, false])("createProgressBar() writes where there is a terminal: %p", (isTTY) => {
  const written: string[] = [];
  const bar = createProgressBar(200, { isTTY, write: (text: string | Uint8Array) => written.push(String(text)) > 0 });
  for (let done = 1; done <= 200; done++) bar.show(done);
  bar.clear();
  expect(written.length).toBe(isTTY ? 102 : 0);
});
