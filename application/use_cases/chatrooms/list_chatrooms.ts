import type { PlaceInvalid, Result, TextInvalid } from "../../../domain/mod.ts";
import { accepted, fold, judgeText, refused } from "../../../domain/mod.ts";
import { writeCursor } from "../../_cursor.ts";
import type { Chat } from "../../chat.ts";
import type { ListedChatroom } from "./_listing.ts";
import { readPosition, withActivity } from "./_listing.ts";

export interface ListChatroomsInput {
  /** Part of a name, in any case and Unicode form; empty for all rooms. */
  readonly query: string;
  readonly cursor: string | null;
  /** 1 to 100. */
  readonly limit: number;
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
