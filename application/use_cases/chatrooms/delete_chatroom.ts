import type { ChatroomId, Result, RoomRefusal, Unavailable, UserId } from "../../../domain/mod.ts";
import type { Chat } from "../../chat.ts";
import type { Done } from "./_command.ts";
import { command } from "./_command.ts";

export interface DeleteChatroomInput {
  readonly actorId: UserId;
  readonly chatroomId: ChatroomId;
  readonly requestId: string | null;
}

/** End a room for all; its owner may. Its members are told that it was deleted. */
export function deleteChatroom(
  chat: Pick<Chat, "rooms" | "log">,
  { actorId, chatroomId, requestId }: DeleteChatroomInput,
): Promise<Result<Done, RoomRefusal | Unavailable>> {
  return command(chat, chatroomId, { kind: "delete_chatroom" }, { actorId, requestId });
}
