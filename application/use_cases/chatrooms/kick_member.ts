import type { ChatroomId, Result, RoomRefusal, Unavailable, UserId } from "../../../domain/mod.ts";
import type { Chat } from "../../chat.ts";
import type { Done } from "./_command.ts";
import { command } from "./_command.ts";

export interface KickMemberInput {
  readonly actorId: UserId;
  readonly chatroomId: ChatroomId;
  readonly requestId: string | null;
  readonly userId: UserId;
}

/** Remove a member of a lower role than one's own. They may join again. */
export function kickMember(
  chat: Pick<Chat, "rooms" | "log">,
  { actorId, chatroomId, requestId, userId }: KickMemberInput,
): Promise<Result<Done, RoomRefusal | Unavailable>> {
  return command(chat, chatroomId, { kind: "kick", userId }, { actorId, requestId });
}
