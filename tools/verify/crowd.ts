import type { ChatroomId, PlaceText, RoomEvent, Sequence } from "../../domain/mod.ts";
import { formatPlace, next, parsePlace, sequence } from "../../domain/mod.ts";
import type { Actors } from "./acting.ts";
import { type Caller, callingClient } from "./clients.ts";
import { type Observer, observeRoom } from "./observing.ts";
import type { Person } from "./people.ts";
import type { Plan } from "./plan.ts";
import type { Progress } from "./progress.ts";
import type { Random } from "./random.ts";
import { pageBackwards, probe, type Reader, readSnapshot } from "./reading.ts";
import type { ActRecord, Moment, ObserverRecord, PagesRecord, ProbeRecord, SnapshotRecord, Told } from "./recording.ts";
import { sequenceOf } from "./recording.ts";
import { STAFF, type Staff } from "./staff.ts";
import { absentAtRandom, cutAtRandom, type Unsettler, unrestFor } from "./unsettling.ts";

export interface CrowdOptions {
  readonly url: string;
  readonly chatroomId: ChatroomId;
  readonly people: ReadonlyMap<string, Person>;
  readonly plan: Plan;
  readonly caller: Caller;
  readonly random: Random;
  readonly probeOneIn: number;
  readonly snapshotOneIn: number;
  readonly now: () => Moment;
  readonly progress: Progress;
}

/** Those who observe and read the room while others act in it. */
export interface Crowd {
  /** Observe as one of the staff, who is a member already. */
  watch(who: Staff, from: PlaceText): void;
  /** Come when all that has begun is done: read the room, page back to its beginning, and observe from then on. */
  arriveLate(who: Staff, actors: Actors): Promise<void>;
  /** Read as the author of an act, now and then, what the author was just told. */
  afterAct(record: ActRecord, author: Person): Promise<void>;
  reader(who: Staff): Reader;
  /** Everyone who observes. */
  readers(): readonly Reader[];
  /** Cut nobody off any more, and have everyone come back. */
  settle(): void;
  /** Whether everyone was told up to there, or is told nothing any more. */
  haveReached(head: Sequence): boolean;
  observers(): readonly ObserverRecord[];
  /** What was read on the way, once every read has its answer. */
  reads(): Promise<{ readonly probes: readonly ProbeRecord[]; readonly snapshots: readonly SnapshotRecord[] }>;
  readonly pages: readonly PagesRecord[];
  close(): void;
}

/** How many reads of the witness may be under way at once; what is told meanwhile is not read after. */
const READS = 8;

export function createCrowd(options: CrowdOptions): Crowd {
  const { url, chatroomId, people, plan, caller, random, probeOneIn, snapshotOneIn } = options;
  const observers = new Map<Staff, Observer>();
  const readers = new Map<Staff, Reader>();
  const probes: Promise<ProbeRecord>[] = [];
  const snapshots: Promise<SnapshotRecord>[] = [];
  const pages: PagesRecord[] = [];
  const chances = { reads: random.fork("reads"), authors: random.fork("authors"), pages: random.fork("late pages") };
  const unrest = unrestFor(plan.acts.length);
  const unsettlers = new Map<Staff, Unsettler>([
    [STAFF.cut, cutAtRandom(() => observers.get(STAFF.cut), random.fork("cuts"), unrest)],
    [STAFF.absent, absentAtRandom(() => observers.get(STAFF.absent), random.fork("absences"), unrest)],
  ]);
  let reading = 0;

  function reader(who: Staff): Reader {
    const person = people.get(who) as Person;
    const known = readers.get(who) ?? readerOf(who, person);
    readers.set(who, known);
    return known;
  }

  function readerOf(name: string, { userId, token }: Person): Reader {
    return { name, userId, client: callingClient(url, token, "single"), caller, chatroomId };
  }

  /** What the witness is told is read after at once, now and then. */
  function onTold(who: Staff, { place, event }: Told): void {
    unsettlers.get(who)?.told();
    if (who !== STAFF.witness) return;
    for (const unsettler of unsettlers.values()) unsettler.reached(place.sequence);
    if (!isChange(event) || reading >= READS) return;
    if (chances.reads.oneIn(probeOneIn)) probes.push(counting(probe(reader(who), event.sequence, event)));
    if (!chances.reads.oneIn(snapshotOneIn)) return;
    const atLeast = chances.reads.oneIn(2) ? formatPlace(place) : null;
    snapshots.push(counting(readSnapshot(reader(who), atLeast)));
  }

  async function counting<T>(read: Promise<T>): Promise<T> {
    reading++;
    try {
      return await read;
    } finally {
      reading--;
    }
  }

  function watch(who: Staff, from: PlaceText): void {
    const person = people.get(who) as Person;
    const told = (one: Told): void => onTold(who, one);
    observers.set(who, observeRoom({ ...options, name: who, person, from, onTold: told }));
    reader(who);
  }

  return {
    watch,
    reader,
    pages,
    async arriveLate(who, actors) {
      await actors.ended(who);
      const snapshot = await readSnapshot(reader(who), null);
      snapshots.push(Promise.resolve(snapshot));
      if (snapshot.read.kind !== "value") return;
      const { asOf } = snapshot.read.value;
      watch(who, asOf);
      const before = next(parsePlace(asOf)?.sequence ?? sequence(0));
      pages.push(await pageBackwards(reader(who), before, chances.pages));
    },
    async afterAct(record, author) {
      const place = record.act.intention.kind === "post" ? sequenceOf(record) : null;
      if (place === null || !chances.authors.oneIn(probeOneIn)) return;
      const read = probe(readerOf(record.act.user, author), place, null);
      probes.push(read);
      await read;
    },
    readers: () => [...observers.keys()].map(reader),
    settle() {
      for (const unsettler of unsettlers.values()) unsettler.settle();
    },
    haveReached: (head) =>
      [...observers.values()].every(({ record, position }) => record.ended !== null || position >= head),
    observers: () => [...observers.values()].map(({ record }) => record),
    reads: async () => ({ probes: await Promise.all(probes), snapshots: await Promise.all(snapshots) }),
    close() {
      for (const observer of observers.values()) observer.close();
    },
  };
}

function isChange(event: RoomEvent): event is Exclude<RoomEvent, { readonly kind: "cursor" | "reset" }> {
  return event.kind !== "cursor" && event.kind !== "reset";
}
