import type {
  ChangeKey,
  ChatroomId,
  Needs,
  RoomChange,
  RoomChangeDraft,
  RoomCommand,
  Sequence,
} from "../domain/mod.ts";
import { changeKey, decide, needs, placed, refused, sequence } from "../domain/mod.ts";
import type { Decided, Outcome, Waiting } from "./_answers.ts";
import { createAnswers } from "./_answers.ts";
import type { LoadedRoom, RoomSources } from "./_loaded_room.ts";
import { catchUp, loadRoom, StaleReads } from "./_loaded_room.ts";
import { backOff, PATIENCE, pause } from "./_waiting.ts";
import type { RecentPage, RoomChangeBroker } from "./ports/mod.ts";
import type { Projector } from "./projector.ts";

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

/** How many commands are decided and written at once. */
const MOST_AT_ONCE = 256;
/** How many rounds in a row may bring nothing, because others were first, before there is a pause. */
const FUTILE_ROUNDS = 3;

export function createRoomWriter(ports: RoomWriterPorts, chatroomId: ChatroomId): RoomWriter {
  const { log, broker, recentPage, clock, onFault } = ports;
  const { answer, answerDecided, answerKnown, answerFirstTime } = createAnswers(ports, chatroomId);
  const queue: Waiting[] = [];
  let room: LoadedRoom | null = null;
  /** Where the head stood when it was last read for the batch at hand. */
  let headSeen: Sequence | null = null;
  let working: Promise<void> | null = null;

  function submit(command: RoomCommand): Promise<Outcome> {
    return new Promise((tell) => {
      queue.push({ command, key: changeKey(command.requestId, command.actorId), tell, answered: false });
      // What comes while an append is under way gathers and goes with the next; a lone command goes at once.
      working ??= work();
    });
  }

  async function work(): Promise<void> {
    while (queue.length > 0) await carryOut(takeBatch(queue));
    working = null;
  }

  /** Try until each command of the batch is answered; if nothing comes of it for {@link PATIENCE}, refuse all who wait. */
  async function carryOut(batch: readonly Waiting[]): Promise<void> {
    headSeen = null;
    let left = batch;
    for (let waited = 0, futile = 0; left.length > 0; ) {
      const outOfPatience = await attempt(left).then(
        () => waited >= PATIENCE,
        (fault) => recover(fault) || waited >= PATIENCE,
      );
      const before = left.length;
      left = left.filter(({ answered }) => !answered);
      if (left.length < before) [waited, futile] = [0, 0];
      else if (outOfPatience) return refuseAll(left);
      else if (++futile > FUTILE_ROUNDS) {
        const delay = backOff(futile - FUTILE_ROUNDS);
        await pause(clock, delay);
        waited += delay;
      }
    }
  }

  /**
   * After a fault the room is loaded anew. An append that failed may have been carried out all the same: decided once
   * more, each command meets its own key, in the index if it brings a change again, and looked up if it does not.
   * Answers whether the fault took all patience already.
   */
  function recover(fault: unknown): boolean {
    onFault(fault);
    room = null;
    headSeen = null;
    return fault instanceof StaleReads;
  }

  /** Decide the batch at the head, write what that brings, and answer whoever it settles. */
  async function attempt(batch: readonly Waiting[]): Promise<void> {
    const loaded = await loadRoom(ports, chatroomId, room, together(batch));
    room = loaded;
    const decided = decideAll(loaded, batch);
    const drafts = decided.flatMap(({ decision }) => (decision.ok && decision.value ? [decision.value] : []));
    if (drafts.length < decided.length) {
      // A key is looked up before anything is refused or skipped; for what is written, the log does it.
      const undrafted = decided.filter(({ decision }) => !decision.ok || !decision.value).map(({ waiting }) => waiting);
      await answerKnown(undrafted);
      if (undrafted.some(({ answered }) => answered)) return;
    }
    if (drafts.length > 0) return write(loaded, decided, drafts);
    // Verdicts hold if they were decided where the head stood at some moment since these commands came.
    if (headSeen === loaded.sequence || (await bringToHead(loaded))) answerDecided(decided, loaded.sequence, []);
  }

  async function write(
    loaded: LoadedRoom,
    decided: readonly Decided[],
    drafts: readonly RoomChangeDraft[],
  ): Promise<void> {
    const place = loaded.sequence;
    const { written, refused } = await log.append(chatroomId, place, drafts);
    announce(loaded, written);
    // That something was written proves that the room was decided at the head; without it nobody is answered.
    if (written.length > 0) answerDecided(decided, loaded.sequence, written);
    if (refused?.kind === "stale") await bringToHead(loaded);
    const key = drafts[written.length]?.key;
    const known = decided.find(({ waiting }) => waiting.key === key)?.waiting;
    if (refused?.kind === "known" && known) answerFirstTime(known, refused.change);
  }

  /** Let what others appended take effect; answers whether the room stood at the head already. */
  async function bringToHead(loaded: LoadedRoom): Promise<boolean> {
    const head = await log.head(chatroomId);
    const stood = head === null || head.sequence <= loaded.sequence;
    if (!stood) await catchUp(ports, loaded, head);
    headSeen = loaded.sequence;
    return stood;
  }

  function announce(loaded: LoadedRoom, written: readonly RoomChange[]): void {
    if (written.length === 0) return;
    for (const change of written) loaded.apply(change);
    broker.publish(chatroomId, written);
    recentPage.advance(chatroomId, written).catch(onFault);
  }

  /** Nobody who waits fares better than those who were tried. */
  function refuseAll(tried: readonly Waiting[]): void {
    onFault(new Error(`nothing came of the commands to ${chatroomId} for ${PATIENCE} ms`));
    for (const waiting of tried) answer(waiting, refused({ code: "UNAVAILABLE", outcome: "unknown" }));
    for (const waiting of queue.splice(0)) answer(waiting, refused({ code: "UNAVAILABLE", outcome: "none" }));
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
