import type {
  ChangeKey,
  ChatroomId,
  Needs,
  Result,
  RoomChange,
  RoomChangeDraft,
  RoomCommand,
  RoomRefusal,
  Unavailable,
} from "../domain/mod.ts";
import {
  accepted,
  changeKey,
  decide,
  isProjected,
  isSameRequest,
  needs,
  placed,
  refused,
  sequence,
} from "../domain/mod.ts";
import type { LoadedRoom, RoomSources } from "./_loaded_room.ts";
import { catchUp, loadRoom } from "./_loaded_room.ts";
import { PATIENCE, pause, within } from "./_waiting.ts";
import type { RecentPage, RoomChangeBroker } from "./ports/mod.ts";
import type { Projector } from "./projector.ts";

/** What a command came to: its change, of this time or of the first time, or null if all was as wanted already. */
export type Outcome = Result<RoomChange | null, RoomRefusal | Unavailable>;

/** Takes the commands of one room, one after another. Nothing else on this node appends to the room's log. */
export interface RoomWriter {
  /**
   * Carry a command out. Answered once its change is durable and its projections are there; a refusal, or null, once
   * it is known to hold at the head of the log. `UNAVAILABLE` if neither could be had in time.
   */
  submit(command: RoomCommand): Promise<Outcome>;
  /** Resolves once no command is under way. */
  idle(): Promise<void>;
}

export interface RoomWriterPorts extends RoomSources {
  readonly projector: Projector;
  readonly broker: RoomChangeBroker;
  readonly recentPage: RecentPage;
  readonly onFault: (fault: unknown) => void;
}

/** A command that waits for its outcome. */
interface Waiting {
  readonly command: RoomCommand;
  readonly key: ChangeKey;
  readonly answer: (outcome: Outcome | Promise<Outcome>) => void;
}

/** A command and what the room, at its place in the batch, makes of it. */
interface Decided {
  readonly waiting: Waiting;
  readonly decision: Result<RoomChangeDraft | null, RoomRefusal>;
}

/** How many commands are decided and written at once. */
const MOST_AT_ONCE = 256;

export function createRoomWriter(ports: RoomWriterPorts, chatroomId: ChatroomId): RoomWriter {
  const { log, projector, broker, recentPage, clock, onFault } = ports;
  const queue: Waiting[] = [];
  let room: LoadedRoom | null = null;
  let working: Promise<void> | null = null;

  function submit(command: RoomCommand): Promise<Outcome> {
    return new Promise((answer) => {
      queue.push({ command, key: changeKey(command.requestId, command.actorId), answer });
      // What comes while an append is under way gathers and goes with the next; a lone command goes at once.
      working ??= work();
    });
  }

  async function work(): Promise<void> {
    while (queue.length > 0) await carryOut(takeBatch(queue));
    working = null;
  }

  /** Try until each command of the batch has its outcome, or the stores have failed for {@link PATIENCE}. */
  async function carryOut(batch: readonly Waiting[]): Promise<void> {
    let left = batch;
    let outcomeUnknown = false;
    for (let waited = 0, step = 20; left.length > 0; ) {
      try {
        // An append that failed may have been carried out all the same: its keys tell.
        if (outcomeUnknown) left = await answerKnown(left, left);
        outcomeUnknown = false;
        left = await attempt(left);
      } catch (fault) {
        onFault(fault);
        room = null;
        outcomeUnknown = true;
        if (waited >= PATIENCE) return refuseAll(left);
        await pause(clock, step);
        waited += step;
        step *= 2;
      }
    }
  }

  /** Decide the batch at the head and write what that brings; answers who is to be decided anew. */
  async function attempt(batch: readonly Waiting[]): Promise<readonly Waiting[]> {
    const loaded = await loadRoom(ports, chatroomId, room, together(batch));
    room = loaded;
    const decided = decideAll(loaded, batch);
    const drafts = decided.flatMap(({ decision }) => (decision.ok && decision.value ? [decision.value] : []));
    if (drafts.length < decided.length) {
      // A key is looked up before anything is refused or skipped; for what is written, the log does it.
      const left = await answerKnown(
        batch,
        decided.filter(({ decision }) => !decision.ok || !decision.value).map(waitingOf),
      );
      if (left.length < batch.length) return left;
    }
    if (drafts.length === 0) {
      if (!(await isAtHead(loaded))) return batch;
      return answerDecided(loaded, decided, []);
    }
    const { written, refused } = await log.append(chatroomId, loaded.sequence, drafts);
    announce(loaded, written);
    // That something was written proves that the room was decided at the head; without it nobody is answered.
    const left = written.length > 0 ? answerDecided(loaded, decided, written) : batch;
    if (refused === null) return left;
    if (refused.kind === "stale") await isAtHead(loaded);
    if (refused.kind === "stale") return left;
    const known = decided.find(({ decision }) => decision.ok && decision.value === drafts[written.length]);
    return answerFirstTime(left, known?.waiting, refused.change);
  }

  /** Whether nothing was appended since the room was loaded; if something was, it takes effect. */
  async function isAtHead(loaded: LoadedRoom): Promise<boolean> {
    const head = await log.head(chatroomId);
    if (head === null || head.sequence <= loaded.sequence) return true;
    await catchUp(ports, loaded, head);
    return false;
  }

  function announce(loaded: LoadedRoom, written: readonly RoomChange[]): void {
    if (written.length === 0) return;
    for (const change of written) loaded.apply(change);
    broker.publish(chatroomId, written);
    recentPage.advance(chatroomId, written).catch(onFault);
  }

  /** Answer in order up to the first draft that was not written; that one and all behind it are left. */
  function answerDecided(
    loaded: LoadedRoom,
    decided: readonly Decided[],
    written: readonly RoomChange[],
  ): readonly Waiting[] {
    let count = 0;
    for (const [index, { waiting, decision }] of decided.entries()) {
      if (decision.ok && decision.value) {
        const change = written[count++];
        if (change === undefined) return decided.slice(index).map(waitingOf);
        waiting.answer(projected(change));
      } else {
        waiting.answer(decision.ok ? inEffect(loaded) : decision);
      }
    }
    return [];
  }

  /** Answer those of `asked` whose key stands in the log with the change of the first time; the others are left. */
  async function answerKnown(batch: readonly Waiting[], asked: readonly Waiting[]): Promise<readonly Waiting[]> {
    const known = await log.byKeys(
      chatroomId,
      asked.map(({ key }) => key),
    );
    return asked.reduce((left, waiting) => answerFirstTime(left, waiting, known.get(waiting.key)), batch);
  }

  function answerFirstTime(
    left: readonly Waiting[],
    waiting: Waiting | undefined,
    change: RoomChange | undefined,
  ): readonly Waiting[] {
    if (waiting === undefined || change === undefined) return left;
    const { command } = waiting;
    const reused = { code: "REQUEST_REUSED", requestId: command.requestId } as const;
    waiting.answer(isSameRequest(command, change) ? projected(change) : refused(reused));
    return left.filter((other) => other !== waiting);
  }

  /** The outcome of a change, once others see what it altered. */
  function projected(change: RoomChange): Outcome | Promise<Outcome> {
    return isProjected(change) ? afterProjection(change.sequence, accepted(change)) : accepted(change);
  }

  /** The outcome of a command that found all as wanted, once others see that too. */
  function inEffect(loaded: LoadedRoom): Outcome | Promise<Outcome> {
    return afterProjection(loaded.sequence, accepted(null));
  }

  async function afterProjection(upTo: RoomChange["sequence"], outcome: Outcome): Promise<Outcome> {
    const projection = projector.project(chatroomId, upTo).then(
      () => true,
      (fault) => onFault(fault),
    );
    return (await within(clock, PATIENCE, projection)) ? outcome : refused({ code: "UNAVAILABLE", outcome: "unknown" });
  }

  return {
    submit,
    async idle() {
      while (working) await working;
    },
  };
}

/** Take from the queue what can be decided together: each key once, so that a retry finds what it repeats. */
function takeBatch(queue: Waiting[]): Waiting[] {
  const keys = new Set<ChangeKey>();
  let length = 0;
  for (const { key } of queue) {
    if (keys.has(key) || length === MOST_AT_ONCE) break;
    keys.add(key);
    length++;
  }
  return queue.splice(0, length);
}

function together(batch: readonly Waiting[]): Needs {
  const all = batch.map(({ command }) => needs(command));
  return {
    members: [...new Set(all.flatMap(({ members }) => members))],
    messages: [...new Set(all.flatMap(({ messages }) => messages))],
  };
}

/** Decide commands one after another, each as if the drafts before it were written. */
function decideAll(loaded: LoadedRoom, batch: readonly Waiting[]): readonly Decided[] {
  const ahead = loaded.ahead();
  let after: number = loaded.sequence;
  return batch.map((waiting) => {
    const decision = decide(ahead, waiting.command);
    if (decision.ok && decision.value) ahead.apply(placed(decision.value, loaded.chatroomId, sequence(++after)));
    return { waiting, decision };
  });
}

function waitingOf({ waiting }: Decided): Waiting {
  return waiting;
}

function refuseAll(left: readonly Waiting[]): void {
  for (const { answer } of left) answer(refused({ code: "UNAVAILABLE", outcome: "unknown" }));
}
