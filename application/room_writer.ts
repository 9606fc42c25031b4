import type { ChangeKey, ChatroomId, Needs, RoomChange, RoomCommand } from "../domain/mod.ts";
import { changeKey, decide, needs, placed, refused, sequence } from "../domain/mod.ts";
import type { Decided, Outcome, Waiting } from "./_answers.ts";
import { createAnswers, waitingOf } from "./_answers.ts";
import type { LoadedRoom, RoomSources } from "./_loaded_room.ts";
import { catchUp, loadRoom } from "./_loaded_room.ts";
import { PATIENCE, pause } from "./_waiting.ts";
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
/** How often in a row others may come first before that is taken for a fault, and waited for. */
const MOST_FUTILE = 100;

export function createRoomWriter(ports: RoomWriterPorts, chatroomId: ChatroomId): RoomWriter {
  const { log, broker, recentPage, clock, onFault } = ports;
  const answers = createAnswers(ports, chatroomId);
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
    for (let waited = 0, step = 20, futile = 0; left.length > 0; ) {
      try {
        const before = left.length;
        left = await attempt(left);
        futile = left.length < before ? 0 : futile + 1;
        if (futile === MOST_FUTILE)
          throw new Error(`the log of ${chatroomId} takes nothing that is decided at its head`);
      } catch (fault) {
        onFault(fault);
        futile = 0;
        // An append that failed may have been carried out all the same: decided anew, each command meets its own key,
        // in the index if it brings a change once more, and looked up if it does not.
        room = null;
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
      const undrafted = decided.filter(({ decision }) => !decision.ok || !decision.value);
      const left = await answers.known(batch, undrafted.map(waitingOf));
      if (left.length < batch.length) return left;
    }
    if (drafts.length === 0) {
      if (!(await bringToHead(loaded))) return batch;
      return answers.decided(decided, loaded.sequence, []);
    }
    const { written, refused } = await log.append(chatroomId, loaded.sequence, drafts);
    announce(loaded, written);
    // That something was written proves that the room was decided at the head; without it nobody is answered.
    const left = written.length > 0 ? answers.decided(decided, loaded.sequence, written) : batch;
    if (refused === null) return left;
    if (refused.kind === "known") return answers.firstTime(left, drafts[written.length]?.key, refused.change);
    await bringToHead(loaded);
    return left;
  }

  /** Let what others appended take effect; answers whether the room stood at the head already. */
  async function bringToHead(loaded: LoadedRoom): Promise<boolean> {
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

function refuseAll(left: readonly Waiting[]): void {
  for (const { answer } of left) answer(refused({ code: "UNAVAILABLE", outcome: "unknown" }));
}
