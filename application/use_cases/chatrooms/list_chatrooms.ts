import type { Chatroom, PlaceInvalid, Result, TextInvalid, Timestamp } from "../../../domain/mod.ts";
import { accepted, chatroomId, fold, judgeText, refused } from "../../../domain/mod.ts";
import { readCursor, writeCursor } from "../../_cursor.ts";
import type { Chat } from "../../chat.ts";
import type { DirectoryPosition } from "../../ports/mod.ts";

export interface ListChatroomsInput {
  /** Part of a name, in any case and Unicode form; empty for all rooms. */
  readonly query: string;
  readonly cursor: string | null;
  /** 1 to 100. */
  readonly limit: number;
}

/** A room as lists show it. */
export interface ListedChatroom extends Chatroom {
  readonly lastActivityAt: Timestamp;
}

export interface ChatroomList {
  /** By name, then id. */
  readonly chatrooms: readonly ListedChatroom[];
  /** Where the list goes on, or null at its end. */
  readonly cursor: string | null;
}

/** List the rooms there are, by name. */
export async function listChatrooms(
  chat: Pick<Chat, "directory" | "log">,
  { query, cursor, limit }: ListChatroomsInput,
): Promise<Result<ChatroomList, TextInvalid | PlaceInvalid>> {
  const invalid = judgeText(query, { field: "query", min: 0, max: 80 });
  if (invalid) return refused(invalid);
  const position = cursor === null ? accepted(null) : readPosition(cursor);
  if (!position.ok) return position;
  const found = await chat.directory.list(fold(query), position.value, limit + 1);
  const chatrooms = await withActivity(chat, found.slice(0, limit));
  const last = chatrooms.at(-1);
  return accepted({ chatrooms, cursor: last && found.length > limit ? writeCursor([fold(last.name), last.id]) : null });
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

function readPosition(cursor: string): Result<DirectoryPosition, PlaceInvalid> {
  const parts = readCursor(cursor, 2);
  if (!parts.ok) return parts;
  const [name = "", id = ""] = parts.value;
  return accepted({ name, id: chatroomId(id) });
}
