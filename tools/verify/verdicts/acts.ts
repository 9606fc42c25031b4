import type { RoomChange, Sequence, UserId } from "../../../domain/mod.ts";
import { requestId } from "../../../domain/mod.ts";
import type { ActRecord, Recording } from "../recording.ts";
import { logOf, sequenceOf } from "../recording.ts";
import { difference, type Finding, show, sides, type Verdict } from "./verdict.ts";

/** Who did what, for evidence: `ann's post (line 17)`. */
function whoOf({ act: { user, intention, line } }: ActRecord): string {
  return `${user}'s ${intention.kind}${line === null ? "" : ` (line ${line})`}`;
}

/** What an act was told is compared with what it had to come to. */
export const answered: Verdict = {
  name: "answered",
  promise: "every act came to what it had to, and the same request twice came to the same",
  judge: ({ acts }) =>
    acts.flatMap((record): readonly Finding[] => {
      const { act, answer, again } = record;
      const place = { sequence: sequenceOf(record), who: whoOf(record) };
      const received = whatCame(record);
      if (received !== act.expected) {
        const how = answer.kind === "failed" ? answer.why : received;
        return [{ ...place, expected: act.expected, received: show(how) }];
      }
      const differs = again && difference(answer, again);
      return differs ? [{ ...place, ...sides({ ...differs, path: `sent again: ${differs.path}` }) }] : [];
    }),
};

function whatCame(record: ActRecord): string {
  const { answer } = record;
  if (answer.kind === "refused") return answer.error.code;
  if (answer.kind === "failed") return "failed";
  return sequenceOf(record) === null ? "nothing" : "change";
}

/** What was acknowledged is in the log, as it was asked for. */
export const durable: Verdict = {
  name: "durable",
  promise: "every acknowledged change is in the log at the place that its author was told, as they asked for it",
  judge(recording) {
    const log = logOf(recording);
    return recording.acts.flatMap((record): readonly Finding[] => {
      const place = sequenceOf(record);
      if (place === null) return [];
      const asked = factOf(record);
      const change = log.get(place);
      if (change === undefined) {
        return [{ sequence: place, who: whoOf(record), expected: show(asked), received: "no such change in the log" }];
      }
      const differs = difference(asked, only(change, asked)) ?? messageDiffers(record, change);
      return differs ? [{ sequence: place, who: whoOf(record), ...sides(differs) }] : [];
    });
  },
};

/** What the change of an act has to be, as far as the act decides. */
function factOf({ act: { intention }, userId, replyTo, requestId: request }: ActRecord): Readonly<Partial<Fact>> {
  switch (intention.kind) {
    case "join":
      return { kind: "member_joined", actorId: userId, userId };
    case "leave":
      return { kind: "member_left", actorId: userId, userId, successorId: null };
    case "post":
      return { kind: "message_posted", actorId: userId, body: intention.body, replyTo, requestId: requestId(request) };
  }
}

interface Fact {
  readonly kind: RoomChange["kind"];
  readonly actorId: UserId;
  readonly userId: UserId;
  readonly successorId: UserId | null;
  readonly body: string;
  readonly replyTo: ActRecord["replyTo"];
  readonly requestId: string;
}

function only(change: RoomChange, asked: object): object {
  return Object.fromEntries(Object.entries(change).filter(([key]) => key in asked));
}

/** How the message that an author was answered differs from the change in the log. */
function messageDiffers({ answer }: ActRecord, change: RoomChange) {
  if (answer.kind !== "value" || !("message" in answer.value) || change.kind !== "message_posted") return null;
  const { sequence, ordinal, actorId, body, replyTo, at, chatroomId } = change;
  const message = { id: sequence, chatroomId, sequence, ordinal, authorId: actorId, body, replyTo, postedAt: at };
  return difference(message, answer.value.message);
}

/** Each change but the room's first is what one act came to, and no two are of one. */
export const caused: Verdict = {
  name: "caused",
  promise: "nothing is in the log that nobody did, and nothing twice",
  judge(recording) {
    const byPlace = new Map<Sequence, ActRecord>();
    const twice: Finding[] = [];
    for (const record of recording.acts) {
      const place = sequenceOf(record);
      const other = place === null ? undefined : byPlace.get(place);
      if (place === null) continue;
      if (other)
        twice.push({ sequence: place, who: whoOf(record), expected: "a place of its own", received: whoOf(other) });
      byPlace.set(place, record);
    }
    const uncaused = [...logOf(recording).values()].flatMap((change): readonly Finding[] => {
      if (byPlace.has(change.sequence) || isBeginning(recording, change)) return [];
      return [{ sequence: change.sequence, who: "the log", expected: "no change", received: show(change) }];
    });
    return [...twice, ...uncaused];
  },
};

function isBeginning({ ownerId }: Recording, { kind, sequence, actorId }: RoomChange): boolean {
  return kind === "chatroom_created" && sequence === 1 && actorId === ownerId;
}

/** What had ended before something else began stands before it in the log. */
export const ordered: Verdict = {
  name: "ordered",
  promise: "what was acknowledged before another act began comes before it in the log",
  judge({ acts }) {
    const changes = acts.flatMap((record) => {
      const sequence = sequenceOf(record);
      return sequence === null ? [] : [{ record, sequence }];
    });
    const byEnd = changes.toSorted((a, b) => a.record.ended - b.record.ended);
    let latest: (typeof changes)[number] | undefined;
    let ended = 0;
    return changes
      .toSorted((a, b) => a.record.started - b.record.started)
      .flatMap(({ record, sequence }): readonly Finding[] => {
        for (let one = byEnd[ended]; one && one.record.ended < record.started; one = byEnd[++ended]) {
          if (latest === undefined || one.sequence > latest.sequence) latest = one;
        }
        if (latest === undefined || latest.sequence < sequence) return [];
        const before = `${whoOf(latest.record)} at ${latest.sequence}, acknowledged before`;
        return [{ sequence, who: whoOf(record), expected: `a place behind ${before}`, received: String(sequence) }];
      });
  },
};
