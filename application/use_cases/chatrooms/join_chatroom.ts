import type { ChatroomId, Result, RoomRefusal, Unavailable, UserId } from "../../../domain/mod.ts";
import type { Chat } from "../../chat.ts";
import type { Done } from "./_command.ts";
import { command } from "./_command.ts";

export interface JoinChatroomInput {
  readonly actorId: UserId;
  readonly chatroomId: ChatroomId;
  readonly requestId: string | null;
}

/** Become a member of a room. Whoever is one already stays as they are. */
export function joinChatroom(
  chat: Pick<Chat, "rooms" | "log">,
  { actorId, chatroomId, requestId }: JoinChatroomInput,
): Promise<Result<Done, RoomRefusal | Unavailable>> {
  return command(chat, chatroomId, { kind: "join" }, { actorId, requestId });
}
