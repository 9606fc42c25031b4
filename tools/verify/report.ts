import type { Plan } from "./plan.ts";
import type { ActRecord, Recording } from "./recording.ts";
import { logOf, sequenceOf } from "./recording.ts";
import type { Run } from "./run.ts";
import type { Judged } from "./verdicts/mod.ts";
import type { Finding } from "./verdicts/verdict.ts";

export interface ReportInput extends Run {
  readonly log: string;
  /** Where it ran: a store, or the address of a server. */
  readonly place: string;
  readonly plan: Plan;
  readonly seed: number;
  readonly judged: readonly Judged[];
}

/** What a run was, in figures, and how it was judged: a table, then what speaks against each verdict that failed. */
export function report(input: ReportInput): string {
  const rows = [...figures(input), ["verdicts", verdictsLine(input.judged)] as const];
  const width = Math.max(...rows.map(([name]) => name.length));
  const table = rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
  return [...table, ...input.judged.flatMap(evidence)].join("\n");
}

function figures({ log, place, plan, seed, recording, elapsed }: ReportInput): readonly (readonly [string, string])[] {
  const { acts, observers, probes, snapshots, fresh, pages } = recording;
  const posts = count(acts, "post");
  const seconds = elapsed / 1_000;
  return [
    ["log", `${log}, on ${place}`],
    ["users", `${plan.users.length} and ${observers.length} who observe`],
    ["acts", `${acts.length} (${plan.passedOver} lines passed over)`],
    ["posts", `${posts}, of which ${replies(acts)} reply and ${acts.filter(isSentTwice).length} were sent twice`],
    ["joins", amount(acts, "join")],
    ["leaves", amount(acts, "leave")],
    ["changes", String(logOf(recording).size)],
    ["cuts", String(observers.reduce((sum, { cuts }) => sum + cuts, 0))],
    [
      "reads",
      `${probes.length} at once after a change, ${snapshots.length + fresh.length} snapshots, ${pageCount(pages)} pages`,
    ],
    ["seconds", seconds.toFixed(2)],
    ["posts/s", (posts / seconds).toFixed(0)],
    ["seed", String(seed)],
  ];
}

function count(acts: readonly ActRecord[], kind: ActRecord["act"]["intention"]["kind"]): number {
  return acts.filter(({ act }) => act.intention.kind === kind).length;
}

function amount(acts: readonly ActRecord[], kind: ActRecord["act"]["intention"]["kind"]): string {
  const changes = acts.filter((record) => record.act.intention.kind === kind && sequenceOf(record) !== null).length;
  const idle = count(acts, kind) - changes;
  return idle === 0 ? String(changes) : `${changes}, and ${idle} that altered nothing`;
}

function replies(acts: readonly ActRecord[]): number {
  return acts.filter(({ replyTo }) => replyTo !== null).length;
}

function isSentTwice({ again }: ActRecord): boolean {
  return again !== null;
}

function pageCount(pages: Recording["pages"]): number {
  return pages.reduce((sum, one) => sum + one.pages.length, 0);
}

function verdictsLine(judged: readonly Judged[]): string {
  const failed = judged.filter(({ findings }) => findings.length > 0).map(({ verdict }) => verdict.name);
  const names = judged.map(({ verdict }) => verdict.name).join(", ");
  return failed.length === 0 ? `all ${judged.length} hold: ${names}` : `FAILED: ${failed.join(", ")}`;
}

function evidence({ verdict, findings }: Judged): readonly string[] {
  const [first] = findings;
  if (first === undefined) return [];
  const more = findings.length > 1 ? [`  and ${findings.length - 1} more`] : [];
  return ["", `${verdict.name}: it does not hold that ${verdict.promise}`, ...tell(first), ...more];
}

function tell({ sequence, who, expected, received }: Finding): readonly string[] {
  const where = sequence === null ? who : `sequence ${sequence}, ${who}`;
  return [`  ${where}`, `    expected  ${expected}`, `    received  ${received}`];
}
