import type { ChatroomSnapshot } from "../../application/mod.ts";
import type { PlaceText, Sequence } from "../../domain/mod.ts";
import { formatPlace, next, parsePlace, sequence } from "../../domain/mod.ts";
import type { Actors } from "./acting.ts";
import { createActors } from "./acting.ts";
import { type Caller, callingClient, createCaller } from "./clients.ts";
import { type Crowd, createCrowd } from "./crowd.ts";
import { observeRoom } from "./observing.ts";
import type { People, Person } from "./people.ts";
import { randomName } from "./people.ts";
import type { Act, Plan } from "./plan.ts";
import { createProgress } from "./progress.ts";
import type { Random } from "./random.ts";
import { createRandom } from "./random.ts";
import type { Reader } from "./reading.ts";
import { pageBackwards, readMembers, readSnapshot } from "./reading.ts";
import type { Answered, ObserverRecord, Recording } from "./recording.ts";
import { STAFF } from "./staff.ts";

export interface RunOptions {
  readonly url: string;
  readonly people: People;
  readonly plan: Plan;
  readonly seed: number;
  /** How many acts may be under way at once. */
  readonly inFlight: number;
  /** How long to wait, in milliseconds, while nothing comes to pass, before taking what is missing for lost. */
  readonly patience: number;
  /** One event in so many is read after at once, and one in so many brings a snapshot. */
  readonly probeOneIn: number;
  readonly snapshotOneIn: number;
  /** Told of how many acts are done. */
  readonly onProgress?: (done: number) => void;
}

/** What a run recorded, and how long its acts took, in milliseconds. */
export interface Run {
  readonly recording: Recording;
  readonly elapsed: number;
}

/** How far back the log is read at the end: less than a server replays at most. */
const AUDITED = 9_000;

/** Carry out a plan in a room of its own while others observe it, and record all that anyone was told. */
export async function run(options: RunOptions): Promise<Run> {
  const { url, people: source, plan, seed, inFlight, patience } = options;
  const random = createRandom(seed);
  const people = await source.enroll([...Object.values(STAFF), ...plan.users]);
  const owner = people.get(STAFF.witness) as Person;
  const runName = `v${randomName()}`;
  const client = callingClient(url, owner.token, "single");
  const caller = createCaller(patience);
  const { call } = caller;
  const input = { name: `verify ${runName}`, requestId: `${runName}-room` };
  const created = answerOf(await call((signal) => client.chatrooms.create.mutate(input, { signal })), "create a room");
  const chatroomId = created.id;
  const first = answerOf(
    await call((signal) => client.chatrooms.get.query({ chatroomId }, { signal })),
    "read the room",
  );

  let moment = 0;
  const now = (): number => ++moment;
  const progress = createProgress();
  const stage = { url, chatroomId, people, run: runName, caller, now, progress };
  const crowd = createCrowd({ ...options, ...stage, random });
  const actors = createActors(stage, {
    inFlight,
    repeatOneIn: 20,
    random: random.fork("acts"),
    afterAct: crowd.afterAct,
  });
  try {
    crowd.watch(STAFF.witness, first.asOf);
    const started = performance.now();
    await play({ ...options, first, actors, crowd, caller, random });
    await actors.idle();
    const elapsed = performance.now() - started;
    const head = await readHead(crowd.reader(STAFF.witness));
    crowd.settle();
    await progress.until(() => crowd.haveReached(head), patience);
    const reads = await readAll(crowd, head, first.asOf, random.fork("pages"));
    const audit = await auditLog();
    const { probes, snapshots } = await crowd.reads();
    const pages = [...crowd.pages, ...reads.pages];
    const records = { acts: actors.records, observers: crowd.observers(), audit, probes, snapshots, ...reads, pages };
    return { recording: { chatroomId, ownerId: owner.userId, created, head, ...records }, elapsed };

    /** Read the log as it stands, by observing it from its beginning or from as far back as is replayed. */
    async function auditLog(): Promise<ObserverRecord> {
      const from = placeLike(first.asOf, Math.max(0, head - AUDITED));
      const auditor = observeRoom({ ...stage, name: "the auditor", person: owner, from });
      await progress.until(() => auditor.record.ended !== null || auditor.position >= head, patience);
      auditor.close();
      return auditor.record;
    }
  } finally {
    crowd.close();
  }
}

interface Playing extends RunOptions {
  readonly first: ChatroomSnapshot;
  readonly actors: Actors;
  readonly crowd: Crowd;
  readonly caller: Caller;
  readonly random: Random;
}

/** Let the crowd in, and carry out the log's acts in order; one of the crowd comes when part of it has passed. */
async function play({ plan, actors, crowd, caller, first, random, onProgress }: Playing): Promise<void> {
  const staffAct = (user: string, offset: number): Act => ({
    index: plan.acts.length + offset,
    line: null,
    user,
    intention: { kind: "join" },
    expected: "change",
  });
  const early = [STAFF.cut, STAFF.absent];
  for (const [offset, user] of early.entries()) await actors.begin(staffAct(user, offset));
  await actors.idle();
  for (const user of early) crowd.watch(user, first.asOf);
  const late = random.between(Math.floor(plan.acts.length * 0.3), Math.floor(plan.acts.length * 0.7));
  let arriving: Promise<void> = Promise.resolve();
  for (const act of plan.acts) {
    // A server that is away for good has shown what it has to show.
    if (caller.gaveUp) break;
    if (act.index === late) {
      await actors.begin(staffAct(STAFF.latecomer, early.length));
      arriving = crowd.arriveLate(STAFF.latecomer, actors);
    }
    await actors.begin(act);
    onProgress?.(act.index + 1);
  }
  await arriving;
}

type FinalReads = Pick<Recording, "fresh" | "pages" | "members">;

/** Read the room anew for everyone who observed it, and all of its messages. */
async function readAll(crowd: Crowd, head: Sequence, like: PlaceText, random: Random): Promise<FinalReads> {
  const atLeast = placeLike(like, head);
  const witness = crowd.reader(STAFF.witness);
  const fresh = await Promise.all(crowd.readers().map((reader) => readSnapshot(reader, atLeast)));
  const pages = [await pageBackwards(witness, next(head), random)];
  return { fresh, pages, members: await readMembers(witness) };
}

async function readHead({ client, caller, chatroomId }: Reader): Promise<Sequence> {
  const read = await caller.call((signal) => client.messages.history.query({ chatroomId, limit: 1 }, { signal }));
  return parsePlace(answerOf(read, "read the head of the room").asOf)?.sequence ?? sequence(0);
}

/** The place of the same life of the log at another sequence. */
function placeLike(place: PlaceText, value: number): PlaceText {
  const parsed = parsePlace(place);
  if (parsed === null) throw new RunFailed(`The server names a place that is none: ${place}`);
  return formatPlace({ ...parsed, sequence: sequence(value) });
}

/** The run could not be carried out, so there is nothing to judge. */
export class RunFailed extends Error {
  override readonly name = "RunFailed";
}

function answerOf<T>(answer: Answered<T>, what: string): T {
  if (answer.kind === "value") return answer.value;
  throw new RunFailed(`Could not ${what}: ${answer.kind === "refused" ? answer.error.code : answer.why}`);
}
