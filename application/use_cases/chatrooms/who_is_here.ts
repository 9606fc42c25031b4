import type { ChatroomId, Result, Unavailable, UserId } from "../../../domain/mod.ts";
import { accepted } from "../../../domain/mod.ts";
import type { ReadingRefusal } from "../../_room_reading.ts";
import { readAsMember } from "../../_room_reading.ts";
import type { Chat } from "../../chat.ts";
import type { ObservationEnd } from "./observe_chatroom.ts";
import { endOf } from "./observe_chatroom.ts";

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
  chat: Pick<Chat, "log" | "messages" | "directory" | "memberships" | "feeds" | "presence" | "clock" | "onFault">,
  { observerId, chatroomId, signal }: WhoIsHereInput,
): Promise<Result<Signals, ReadingRefusal | Unavailable>> {
  const reading = await readAsMember(chat, chatroomId, observerId);
  if (!reading.ok) return reading;
  const { head } = reading.value;

  async function* signals(): Signals {
    const ending = new AbortController();
    const over = AbortSignal.any([signal, ending.signal]);
    let end: ObservationEnd | undefined;
    let wake = (): void => {};
    let changed = true;
    const change = (): void => {
      changed = true;
      wake();
    };
    over.addEventListener("abort", change);
    const watching = watchForEnd()
      .catch(chat.onFault)
      .finally(() => ending.abort());
    const stop = await chat.presence.watch(chatroomId, change);
    try {
      let told = "";
      while (!over.aborted) {
        changed = false;
        const userIds = await chat.presence.here(chatroomId);
        const now = JSON.stringify(userIds);
        if (now !== told && !over.aborted) yield { kind: "here", userIds };
        told = now;
        if (!changed && !over.aborted) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
      return end;
    } finally {
      stop();
      ending.abort();
      await watching;
    }

    /** Follow the log for the one change that ends this. */
    async function watchForEnd(): Promise<void> {
      for await (const next of chat.feeds.follow(chatroomId, head.sequence, over)) {
        end = next.kind === "damage" ? undefined : endOf(next, observerId);
        if (end) return;
      }
    }
  }
  return accepted(signals());
}
