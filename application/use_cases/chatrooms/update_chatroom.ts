import type {
  Chatroom,
  ChatroomId,
  Result,
  RoomRefusal,
  SomeSettings,
  Unavailable,
  UserId,
} from "../../../domain/mod.ts";
import { accepted, refused } from "../../../domain/mod.ts";
import type { Chat } from "../../chat.ts";

export interface UpdateChatroomInput extends SomeSettings {
  readonly actorId: UserId;
  readonly chatroomId: ChatroomId;
  readonly requestId: string | null;
}

/** Set some of a room's settings; the owner and moderators may. Answers the room as it is afterwards. */
export async function updateChatroom(
  { rooms, directory }: Pick<Chat, "rooms" | "directory">,
  { actorId, chatroomId, requestId, ...settings }: UpdateChatroomInput,
): Promise<Result<Chatroom, RoomRefusal | Unavailable>> {
  const outcome = await rooms.submit(chatroomId, { kind: "update_chatroom", ...settings }, { actorId, requestId });
  if (!outcome.ok) return outcome;
  const chatroom = await directory.get(chatroomId);
  return chatroom ? accepted(chatroom) : refused({ code: "CHATROOM_MISSING", chatroomId });
}
