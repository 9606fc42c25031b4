import type {
  ChangeKey,
  ChatroomId,
  Result,
  RoomChange,
  RoomChangeDraft,
  RoomCommand,
  RoomRefusal,
  Sequence,
  Unavailable,
} from "../domain/mod.ts";
import { accepted, isProjected, isSameRequest, refused } from "../domain/mod.ts";
import { backOff, PATIENCE, pause, within } from "./_waiting.ts";
import type { Clock, RoomLog } from "./ports/mod.ts";
import type { Projector } from "./projector.ts";

/** What a command came to: its change, of this time or of the first time, or null if all was as wanted already. */
export type Outcome = Result<RoomChange | null, RoomRefusal | Unavailable>;

/** A command that waits for its outcome, which it is told once. */
export interface Waiting {
  readonly command: RoomCommand;
  readonly key: ChangeKey;
  readonly tell: (outcome: Outcome | Promise<Outcome>) => void;
  answered: boolean;
}

/** A command and what the room, at its place in the batch, makes of it. */
export interface Decided {
  readonly waiting: Waiting;
  readonly decision: Result<RoomChangeDraft | null, RoomRefusal>;
}

/** Tells those who wait what their commands came to. */
export interface Answers {
  answer(waiting: Waiting, outcome: Outcome | Promise<Outcome>): void;
  /** Answer in order up to the first draft that was not written. */
  answerDecided(decided: readonly Decided[], place: Sequence, written: readonly RoomChange[]): void;
  /** Answer those whose key stands in the log by the change of the first time. */
  answerKnown(asked: readonly Waiting[]): Promise<void>;
  /** Answer by the change that stands under the command's key. */
  answerFirstTime(waiting: Waiting, change: RoomChange): void;
}

export interface AnswersPorts {
  readonly log: RoomLog;
  readonly projector: Projector;
  readonly clock: Clock;
  readonly onFault: (fault: unknown) => void;
}

export function createAnswers({ log, projector, clock, onFault }: AnswersPorts, chatroomId: ChatroomId): Answers {
  function answer(waiting: Waiting, outcome: Outcome | Promise<Outcome>): void {
    waiting.answered = true;
    waiting.tell(outcome);
  }

  function answerDecided(decided: readonly Decided[], place: Sequence, written: readonly RoomChange[]): void {
    let count = 0;
    for (const { waiting, decision } of decided) {
      if (!decision.ok) answer(waiting, decision);
      else if (decision.value === null) answer(waiting, onceProjected(place, accepted(null)));
      else {
        const change = written[count++];
        if (change === undefined) return;
        answer(waiting, carriedOut(change));
      }
    }
  }

  async function answerKnown(asked: readonly Waiting[]): Promise<void> {
    const standing = await log.byKeys(
      chatroomId,
      asked.map(({ key }) => key),
    );
    for (const waiting of asked) {
      const change = standing.get(waiting.key);
      if (change) answerFirstTime(waiting, change);
    }
  }

  function answerFirstTime(waiting: Waiting, change: RoomChange): void {
    const { command } = waiting;
    const reused = { code: "REQUEST_REUSED", requestId: command.requestId } as const;
    answer(waiting, isSameRequest(command, change) ? carriedOut(change) : refused(reused));
  }

  /** The outcome of a change, told once others see what it altered. */
  function carriedOut(change: RoomChange): Outcome | Promise<Outcome> {
    return isProjected(change) ? onceProjected(change.sequence, accepted(change)) : accepted(change);
  }

  async function onceProjected(upTo: Sequence, outcome: Outcome): Promise<Outcome> {
    const projected = await within(clock, PATIENCE, project(upTo));
    return projected ? outcome : refused({ code: "UNAVAILABLE", outcome: "unknown" });
  }

  /** Whether the projection could be had, tried again for as long as its caller waits. */
  async function project(upTo: Sequence): Promise<boolean> {
    for (let waited = 0, times = 0; waited <= PATIENCE; times++) {
      try {
        await projector.project(chatroomId, upTo);
        return true;
      } catch (fault) {
        onFault(fault);
      }
      await pause(clock, backOff(times));
      waited += backOff(times);
    }
    return false;
  }

  return { answer, answerDecided, answerKnown, answerFirstTime };
}
