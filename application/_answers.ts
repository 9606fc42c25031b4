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
import { PATIENCE, within } from "./_waiting.ts";
import type { Clock, RoomLog } from "./ports/mod.ts";
import type { Projector } from "./projector.ts";

/** What a command came to: its change, of this time or of the first time, or null if all was as wanted already. */
export type Outcome = Result<RoomChange | null, RoomRefusal | Unavailable>;

/** A command that waits for its outcome. */
export interface Waiting {
  readonly command: RoomCommand;
  readonly key: ChangeKey;
  readonly answer: (outcome: Outcome | Promise<Outcome>) => void;
}

/** A command and what the room, at its place in the batch, makes of it. */
export interface Decided {
  readonly waiting: Waiting;
  readonly decision: Result<RoomChangeDraft | null, RoomRefusal>;
}

/** Tells those who wait what their commands came to. */
export interface Answers {
  /** Answer in order up to the first draft that was not written; that one and all behind it are left. */
  decided(decided: readonly Decided[], place: Sequence, written: readonly RoomChange[]): readonly Waiting[];
  /** Answer those of `asked` whose key stands in the log with the change of the first time; the others are left. */
  known(batch: readonly Waiting[], asked: readonly Waiting[]): Promise<readonly Waiting[]>;
  /** Answer whoever waits under a key with the change that stands under it; the others are left. */
  firstTime(batch: readonly Waiting[], key: ChangeKey | undefined, change: RoomChange): readonly Waiting[];
}

export interface AnswersPorts {
  readonly log: RoomLog;
  readonly projector: Projector;
  readonly clock: Clock;
  readonly onFault: (fault: unknown) => void;
}

export function createAnswers({ log, projector, clock, onFault }: AnswersPorts, chatroomId: ChatroomId): Answers {
  function decided(all: readonly Decided[], place: Sequence, written: readonly RoomChange[]): readonly Waiting[] {
    let count = 0;
    for (const [index, { waiting, decision }] of all.entries()) {
      if (!decision.ok) waiting.answer(decision);
      else if (decision.value === null) waiting.answer(onceProjected(place, accepted(null)));
      else {
        const change = written[count++];
        if (change === undefined) return all.slice(index).map(waitingOf);
        waiting.answer(carriedOut(change));
      }
    }
    return [];
  }

  async function known(batch: readonly Waiting[], asked: readonly Waiting[]): Promise<readonly Waiting[]> {
    const standing = await log.byKeys(
      chatroomId,
      asked.map(({ key }) => key),
    );
    return [...standing].reduce((left, [key, change]) => firstTime(left, key, change), batch);
  }

  function firstTime(batch: readonly Waiting[], key: ChangeKey | undefined, change: RoomChange): readonly Waiting[] {
    for (const { command, ...waiting } of batch.filter((one) => one.key === key)) {
      const reused = { code: "REQUEST_REUSED", requestId: command.requestId } as const;
      waiting.answer(isSameRequest(command, change) ? carriedOut(change) : refused(reused));
    }
    return batch.filter((one) => one.key !== key);
  }

  /** The outcome of a change, told once others see what it altered. */
  function carriedOut(change: RoomChange): Outcome | Promise<Outcome> {
    return isProjected(change) ? onceProjected(change.sequence, accepted(change)) : accepted(change);
  }

  async function onceProjected(upTo: Sequence, outcome: Outcome): Promise<Outcome> {
    const projection = projector.project(chatroomId, upTo).then(
      () => true,
      (fault) => onFault(fault),
    );
    return (await within(clock, PATIENCE, projection)) ? outcome : refused({ code: "UNAVAILABLE", outcome: "unknown" });
  }

  return { decided, known, firstTime };
}

export function waitingOf({ waiting }: Decided): Waiting {
  return waiting;
}
