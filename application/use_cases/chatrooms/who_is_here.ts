import type { ChatroomId, Result, Unavailable, UserId } from "../../../domain/mod.ts";
import { accepted } from "../../../domain/mod.ts";
import type { ReadingRefusal } from "../../_room_reading.ts";
import { readAsMember } from "../../_room_reading.ts";
import type { Chat } from "../../chat.ts";
import type { ObservationEnd } from "./_member_changes.ts";
import { memberChanges } from "./_member_changes.ts";

export interface WhoIsHereInput {
  readonly observerId: UserId;
  readonly chatroomId: ChatroomId;
  /** Ends the signals when it aborts. */
  readonly signal: AbortSignal;
}

/** What does not last: who observes the room now, each user once, by id. */
export interface Here {
  readonly kind: "here";
  readonly userIds: readonly UserId[];
}

/** Yields who is here now and again whenever that changes; returns why it ended, or nothing if its signal aborted. */
export type Signals = AsyncGenerator<Here, ObservationEnd | undefined>;

/** Tell a member who observes the room. Several changes at once may be told as one. */
export async function whoIsHere(
  chat: Pick<Chat, "log" | "messages" | "directory" | "memberships" | "feeds" | "presence" | "clock">,
  { observerId, chatroomId, signal }: WhoIsHereInput,
): Promise<Result<Signals, ReadingRefusal | Unavailable>> {
  const reading = await readAsMember(chat, chatroomId, observerId);
  if (!reading.ok) return reading;
  const judged = reading.value;

  async function* signals(): Signals {
    const ending = new AbortController();
    const over = AbortSignal.any([signal, ending.signal]);
    const told = tellChanges(chat.presence, chatroomId, over);
    const from = judged.head.sequence;
    const ended = lastOf(memberChanges(chat, { chatroomId, userId: observerId, from, judged, signal: over }));
    // Whether the membership ends or following it fails, there is nothing more to tell.
    const watching = ended.finally(() => ending.abort());
    watching.catch(() => {});
    try {
      yield* told;
    } finally {
      ending.abort();
    }
    return await watching;
  }
  return accepted(signals());
}

/** Who is here, at first and whenever it has changed, until the signal aborts. */
async function* tellChanges(
  presence: Chat["presence"],
  chatroomId: ChatroomId,
  over: AbortSignal,
): AsyncGenerator<Here, void> {
  let changed = true;
  let wake = (): void => {};
  const change = (): void => {
    changed = true;
    wake();
  };
  const stop = await presence.watch(chatroomId, change);
  over.addEventListener("abort", change);
  try {
    for (let told: string | null = null; !over.aborted; ) {
      changed = false;
      const userIds = await presence.here(chatroomId);
      const now = JSON.stringify(userIds);
      if (now !== told && !over.aborted) yield { kind: "here", userIds };
      told = now;
      while (!changed && !over.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    over.removeEventListener("abort", change);
    stop();
  }
}

/** Run a generator to its end and answer what it returned. */
async function lastOf<T>(source: AsyncGenerator<unknown, T>): Promise<T> {
  for (;;) {
    const step = await source.next();
    if (step.done) return step.value;
  }
}
