import type {
  Chatroom,
  ChatroomDeletedRefusal,
  ChatroomId,
  ChatroomMissing,
  Membership,
  MembershipEnded,
  NotAMember,
  Result,
  RoomChange,
  Unavailable,
  UserId,
} from "../domain/mod.ts";
import { accepted, judgeMembership, judgeRoom, refused } from "../domain/mod.ts";
import type { LoadedRoom, RoomSources } from "./_loaded_room.ts";
import { loadRoom, StaleReads } from "./_loaded_room.ts";

/** Why somebody may not read a room. */
export type ReadingRefusal = ChatroomMissing | ChatroomDeletedRefusal | NotAMember | MembershipEnded;

/** A room and a membership in it that both stand at the head of the log. */
export interface Reading {
  readonly chatroom: Chatroom;
  readonly membership: Membership;
  readonly head: Pick<RoomChange, "sequence" | "ordinal">;
}

/** Read a room for one of its members, at the head of its log; whoever is none is refused. */
export async function readAsMember(
  sources: RoomSources,
  chatroomId: ChatroomId,
  userId: UserId,
): Promise<Result<Reading, ReadingRefusal | Unavailable>> {
  let room: LoadedRoom;
  try {
    room = await loadRoom(sources, chatroomId, null, { members: [userId], messages: [] });
  } catch (fault) {
    if (fault instanceof StaleReads) return refused({ code: "UNAVAILABLE", outcome: "none" });
    throw fault;
  }
  const chatroom = judgeRoom(room, userId);
  if (!chatroom.ok) return chatroom;
  const membership = judgeMembership(chatroomId, room.membership(userId));
  if (!membership.ok) return membership;
  return accepted({ chatroom: chatroom.value, membership: membership.value, head: room });
}
