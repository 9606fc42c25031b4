import type { Chatroom, Membership, UserId } from "../../../domain/mod.ts";
import { compareText, fold } from "../../../domain/mod.ts";
import type { Chat } from "../../chat.ts";
import type { ListedChatroom } from "./list_chatrooms.ts";
import { withActivity } from "./list_chatrooms.ts";

/** A room and what one is in it. */
export interface OwnChatroom {
  readonly chatroom: ListedChatroom;
  readonly membership: Membership;
}

/** How many rooms a port takes at once. */
const AT_ONCE = 1_000;

/** List the rooms that a user is a member of, by name, then id. */
export async function myChatrooms(
  chat: Pick<Chat, "memberships" | "directory" | "log">,
  { userId }: { readonly userId: UserId },
): Promise<readonly OwnChatroom[]> {
  const memberships = new Map((await chat.memberships.ofUser(userId)).map((own) => [own.chatroomId, own]));
  const ids = [...memberships.keys()];
  const rooms: { readonly name: string; readonly room: ListedChatroom }[] = [];
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    const some = (await chat.directory.byIds(ids.slice(start, start + AT_ONCE))).filter(isThere);
    for (const room of await withActivity(chat, some)) rooms.push({ name: fold(room.name), room });
  }
  rooms.sort((a, b) => compareText(a.name, b.name) || compareText(a.room.id, b.room.id));
  return rooms.flatMap(({ room }) => {
    const membership = memberships.get(room.id);
    return membership ? [{ chatroom: room, membership }] : [];
  });
}

function isThere({ deletedAt }: Chatroom): boolean {
  return deletedAt === null;
}
