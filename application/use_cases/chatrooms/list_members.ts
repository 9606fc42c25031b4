import type {
  ChatroomId,
  Membership,
  PlaceInvalid,
  Profile,
  Result,
  Unavailable,
  UserId,
} from "../../../domain/mod.ts";
import { accepted, userId } from "../../../domain/mod.ts";
import { readCursor, writeCursor } from "../../_cursor.ts";
import type { ReadingRefusal } from "../../_room_reading.ts";
import { readAsMember } from "../../_room_reading.ts";
import type { Chat } from "../../chat.ts";

export interface ListMembersInput {
  readonly readerId: UserId;
  readonly chatroomId: ChatroomId;
  readonly cursor: string | null;
  /** 1 to 100. */
  readonly limit: number;
}

/** A member, and what others see of them; null where the users' keeper knows no such user any more. */
export interface Member {
  readonly membership: Membership;
  readonly profile: Profile | null;
}

export interface MemberList {
  /** By user id. */
  readonly members: readonly Member[];
  /** Where the list goes on, or null at its end. */
  readonly cursor: string | null;
}

/** List the members of a room, for one of them. */
export async function listMembers(
  chat: Pick<Chat, "log" | "messages" | "directory" | "memberships" | "profiles" | "clock">,
  { readerId, chatroomId, cursor, limit }: ListMembersInput,
): Promise<Result<MemberList, ReadingRefusal | PlaceInvalid | Unavailable>> {
  const after = cursor === null ? null : readCursor(cursor, 1);
  if (after && !after.ok) return after;
  const reading = await readAsMember(chat, chatroomId, readerId);
  if (!reading.ok) return reading;
  const position = after === null ? null : userId(after.value[0] as string);
  const found = await chat.memberships.ofChatroom(chatroomId, position, limit + 1);
  const page = found.slice(0, limit);
  const profiles = new Map((await chat.profiles.byIds(page.map((one) => one.userId))).map((one) => [one.id, one]));
  const members = page.map((membership) => ({ membership, profile: profiles.get(membership.userId) ?? null }));
  const last = page.at(-1);
  return accepted({ members, cursor: last && found.length > limit ? writeCursor([last.userId]) : null });
}
