import type { Chatroom, PlaceInvalid, Result, Timestamp } from "../../../domain/mod.ts";
import { accepted, chatroomId } from "../../../domain/mod.ts";
import { readCursor } from "../../_cursor.ts";
import type { Chat } from "../../chat.ts";
import type { DirectoryPosition } from "../../ports/mod.ts";

/** A room as lists show it. */
export interface ListedChatroom extends Chatroom {
  readonly lastActivityAt: Timestamp;
}

/** Add to rooms when something last happened in them, which only their logs know. */
export async function withActivity(
  { log }: Pick<Chat, "log">,
  chatrooms: readonly Chatroom[],
): Promise<readonly ListedChatroom[]> {
  const heads = await log.heads(chatrooms.map(({ id }) => id));
  return chatrooms.map((chatroom) => ({
    ...chatroom,
    lastActivityAt: heads.get(chatroom.id)?.at ?? chatroom.createdAt,
  }));
}

/** Read where a list of rooms goes on. */
export function readPosition(cursor: string): Result<DirectoryPosition, PlaceInvalid> {
  const parts = readCursor(cursor, 2);
  if (!parts.ok) return parts;
  const [name = "", id = ""] = parts.value;
  return accepted({ name, id: chatroomId(id) });
}
