import type { ChatroomId, Result, RoomRefusal, Unavailable, UserId } from "../../../domain/mod.ts";
import type { Chat } from "../../chat.ts";
import type { Done } from "./_command.ts";
import { command } from "./_command.ts";

export interface LeaveChatroomInput {
  readonly actorId: UserId;
  readonly chatroomId: ChatroomId;
  readonly requestId: string | null;
  readonly successorId: UserId | null;
}

/** Stop being a member of a room. An owner names a successor among its members. */
export function leaveChatroom(
  chat: Pick<Chat, "rooms" | "log">,
  { actorId, chatroomId, requestId, successorId }: LeaveChatroomInput,
): Promise<Result<Done, RoomRefusal | Unavailable>> {
  return command(chat, chatroomId, { kind: "leave", successorId }, { actorId, requestId });
}
