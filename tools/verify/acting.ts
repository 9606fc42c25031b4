import type { ChatroomId, MessageId } from "../../domain/mod.ts";
import { type Caller, type Client, callingClient } from "./clients.ts";
import type { Person } from "./people.ts";
import type { Act } from "./plan.ts";
import type { Progress } from "./progress.ts";
import type { Random } from "./random.ts";
import type { ActAnswer, ActRecord, Moment } from "./recording.ts";
import { sequenceOf } from "./recording.ts";

/** What acting needs to know of the run. */
export interface Stage {
  readonly url: string;
  readonly chatroomId: ChatroomId;
  readonly people: ReadonlyMap<string, Person>;
  /** Makes request ids that no other run has made. */
  readonly run: string;
  readonly caller: Caller;
  readonly now: () => Moment;
  readonly progress: Progress;
}

export interface ActingOptions {
  /** How many acts may be under way at once; with 1 the log's order is the room's. */
  readonly inFlight: number;
  /** One post in so many is sent twice at once, by one `requestId`. */
  readonly repeatOneIn: number;
  readonly random: Random;
  /** Called after each act, before its author does anything else; may be slow. */
  readonly afterAct: (record: ActRecord, person: Person) => void | Promise<void>;
}

/** Carries acts out in the order in which they are given. */
export interface Actors {
  /**
   * Begin an act as soon as its author has ended the one before, what it replies to is posted, and not too many are
   * under way. Resolves when it has begun, so that acts begin in order.
   */
  begin(act: Act): Promise<void>;
  /** Resolves when the last act of a user that has begun has ended. */
  ended(user: string): Promise<void>;
  /** Resolves when no act is under way. */
  idle(): Promise<void>;
  /** In the order in which they ended. */
  readonly records: readonly ActRecord[];
}

export function createActors(stage: Stage, options: ActingOptions): Actors {
  const { run, caller, now, progress, people, chatroomId } = stage;
  const { inFlight, repeatOneIn, random, afterAct } = options;
  const records: ActRecord[] = [];
  const posted = new Map<number, MessageId>();
  const clients = new Map<string, readonly [Client, Client]>();
  const byUser = new Map<string, Promise<void>>();
  const byIndex = new Map<number, Promise<void>>();
  const underWay = new Set<Promise<void>>();

  /** Two clients of one user: the one calls one by one, the other in batches. */
  function clientsOf(user: string, { token }: Person): readonly [Client, Client] {
    const known = clients.get(user);
    if (known) return known;
    const single = callingClient(stage.url, token, "single");
    const batch = callingClient(stage.url, token, "batch");
    const pair = random.oneIn(2) ? ([single, batch] as const) : ([batch, single] as const);
    clients.set(user, pair);
    return pair;
  }

  async function carryOut(act: Act): Promise<void> {
    const person = people.get(act.user) as Person;
    const [client, other] = clientsOf(act.user, person);
    const { intention } = act;
    const parent = intention.kind === "post" && intention.replyTo !== null ? posted.get(intention.replyTo) : undefined;
    const request = { chatroomId, requestId: `${run}-${act.index}`, replyTo: parent ?? null };
    const twice = intention.kind === "post" && random.oneIn(repeatOneIn);
    const started = now();
    const [answer, again = null] = await Promise.all(
      (twice ? [client, other] : [client]).map((by) => send(caller, by, act, request)),
    );
    const ended = now();
    if (answer === undefined) return;
    const { requestId, replyTo } = request;
    const record = { act, userId: person.userId, requestId, replyTo, started, ended, answer, again };
    records.push(record);
    const sequence = intention.kind === "post" ? sequenceOf(record) : null;
    if (sequence !== null && answer.kind === "value" && "message" in answer.value) {
      posted.set(act.index, answer.value.message.id);
    }
    progress.note();
    await afterAct(record, person);
  }

  return {
    records,
    async begin(act) {
      await byUser.get(act.user);
      if (act.intention.kind === "post" && act.intention.replyTo !== null) await byIndex.get(act.intention.replyTo);
      while (underWay.size >= inFlight) await Promise.race(underWay);
      const doing = carryOut(act);
      byUser.set(act.user, doing);
      byIndex.set(act.index, doing);
      underWay.add(doing);
      const done = (): void => void underWay.delete(doing);
      doing.then(done, done);
    },
    async ended(user) {
      await byUser.get(user);
    },
    async idle() {
      await Promise.all(underWay);
    },
  };
}

interface Request {
  readonly chatroomId: ChatroomId;
  readonly requestId: string;
  readonly replyTo: MessageId | null;
}

function send(
  { call }: Caller,
  client: Client,
  { intention }: Act,
  { replyTo, ...request }: Request,
): Promise<ActAnswer> {
  switch (intention.kind) {
    case "join":
      return call((signal) => client.chatrooms.join.mutate(request, { signal }));
    case "leave":
      return call((signal) => client.chatrooms.leave.mutate(request, { signal }));
    case "post":
      return call(async (signal) => ({
        message: await client.messages.post.mutate({ ...request, body: intention.body, replyTo }, { signal }),
      }));
  }
}
