import type { Chatroom, Membership, PlaceInvalid, Result, UserId } from "../../../domain/mod.ts";
import { accepted, compareText, fold } from "../../../domain/mod.ts";
import { writeCursor } from "../../_cursor.ts";
import type { Chat } from "../../chat.ts";
import type { DirectoryPosition } from "../../ports/mod.ts";
import type { ListedChatroom } from "./_listing.ts";
import { readPosition, withActivity } from "./_listing.ts";

export interface MyChatroomsInput {
  readonly userId: UserId;
  readonly cursor: string | null;
  /** 1 to 100. */
  readonly limit: number;
}

/** A room and what one is in it. */
export interface OwnChatroom {
  readonly chatroom: ListedChatroom;
  readonly membership: Membership;
}

export interface OwnChatroomList {
  /** By name, then id. */
  readonly chatrooms: readonly OwnChatroom[];
  /** Where the list goes on, or null at its end. */
  readonly cursor: string | null;
}

/** How many rooms a port takes at once. */
const AT_ONCE = 1_000;

/** List the rooms that a user is a member of, by name. */
export async function myChatrooms(
  chat: Pick<Chat, "memberships" | "directory" | "log">,
  { userId, cursor, limit }: MyChatroomsInput,
): Promise<Result<OwnChatroomList, PlaceInvalid>> {
  const position = cursor === null ? accepted(null) : readPosition(cursor);
  if (!position.ok) return position;
  const memberships = new Map((await chat.memberships.ofUser(userId)).map((own) => [own.chatroomId, own]));
  const placed = (await roomsOf(chat, [...memberships.keys()])).map((room) => ({
    name: fold(room.name),
    id: room.id,
    room,
  }));
  const after = position.value;
  const behind = placed.filter((one) => after === null || comparePositions(one, after) > 0).sort(comparePositions);
  const page = behind.slice(0, limit);
  const chatrooms = (
    await withActivity(
      chat,
      page.map(({ room }) => room),
    )
  ).flatMap((chatroom) => {
    const membership = memberships.get(chatroom.id);
    return membership ? [{ chatroom, membership }] : [];
  });
  const last = page.at(-1);
  return accepted({ chatrooms, cursor: last && behind.length > limit ? writeCursor([last.name, last.id]) : null });
}

/** Those of the rooms that are not deleted. */
async function roomsOf(
  { directory }: Pick<Chat, "directory">,
  ids: readonly Chatroom["id"][],
): Promise<readonly Chatroom[]> {
  const rooms: Chatroom[] = [];
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    rooms.push(...(await directory.byIds(ids.slice(start, start + AT_ONCE))));
  }
  return rooms.filter(({ deletedAt }) => deletedAt === null);
}

function comparePositions(a: DirectoryPosition, b: DirectoryPosition): number {
  return compareText(a.name, b.name) || compareText(a.id, b.id);
}
