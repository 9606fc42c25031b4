import type { ChatroomId, RoomChange, Sequence, UserId } from "../../../domain/mod.ts";
import type { Reading, ReadingRefusal } from "../../_room_reading.ts";
import { readAsMember } from "../../_room_reading.ts";
import type { Chat } from "../../chat.ts";
import type { Damage } from "../../room_feeds.ts";

/** Why what a member follows ended by itself: what ends it is the last that is told. */
export type ObservationEnd = ReadingRefusal;

export interface MemberChangesInput {
  readonly chatroomId: ChatroomId;
  readonly userId: UserId;
  /** Behind which place to begin. */
  readonly from: Sequence;
  /** By what the user was found to be a member. */
  readonly judged: Reading;
  readonly signal: AbortSignal;
}

type Sources = Pick<Chat, "log" | "messages" | "directory" | "memberships" | "feeds" | "clock">;

/**
 * The changes of a room for one of its members, up to the one that ends their membership or the room. Endings that the
 * judging knew already are history, and replayed as such. Behind a hole, where an ending may have been, it is judged
 * anew. Returns why it ended, or nothing if its signal aborted.
 */
export async function* memberChanges(
  chat: Sources,
  { chatroomId, userId, from, judged, signal }: MemberChangesInput,
): AsyncGenerator<RoomChange | Damage, ObservationEnd | undefined> {
  let known = knownTo(judged);
  for await (const change of chat.feeds.follow(chatroomId, from, signal)) {
    if (change.kind === "damage") {
      const again = await readAsMember(chat, chatroomId, userId);
      if (!again.ok && again.error.code !== "UNAVAILABLE") return again.error;
      if (!again.ok) throw new Error(`whether ${userId} is a member of ${chatroomId} cannot be known`);
      known = knownTo(again.value);
    }
    yield change;
    const end = change.kind !== "damage" && change.sequence > known ? endOf(change, userId) : undefined;
    if (end) return end;
  }
  return undefined;
}

/** Up to which place a judging knows of endings: rows may run ahead of the head that was read before them. */
function knownTo({ head, membership }: Reading): number {
  return Math.max(head.sequence, membership.revision);
}

/** How a change ends what a user may observe, if it does. */
function endOf(change: RoomChange, userId: UserId): ObservationEnd | undefined {
  const { kind, chatroomId, sequence } = change;
  if (kind === "chatroom_deleted") return { code: "CHATROOM_DELETED", chatroomId };
  if (kind === "member_left" && change.userId === userId) return { code: "MEMBERSHIP_ENDED", reason: "left", sequence };
  if (kind === "member_kicked" && change.userId === userId) {
    return { code: "MEMBERSHIP_ENDED", reason: "kicked", sequence };
  }
  return undefined;
}
