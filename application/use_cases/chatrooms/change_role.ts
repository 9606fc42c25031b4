import type { ChatroomId, Result, RoomRefusal, Unavailable, UserId } from "../../../domain/mod.ts";
import type { Chat } from "../../chat.ts";
import type { Done } from "./_command.ts";
import { command } from "./_command.ts";

export interface ChangeRoleInput {
  readonly actorId: UserId;
  readonly chatroomId: ChatroomId;
  readonly requestId: string | null;
  readonly userId: UserId;
  readonly role: "moderator" | "member";
}

/** Make a member a moderator, or a moderator a member; the owner may. */
export function changeRole(
  chat: Pick<Chat, "rooms" | "log">,
  { actorId, chatroomId, requestId, userId, role }: ChangeRoleInput,
): Promise<Result<Done, RoomRefusal | Unavailable>> {
  return command(chat, chatroomId, { kind: "change_role", userId, role }, { actorId, requestId });
}
