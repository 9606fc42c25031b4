import type {
  Chatroom,
  ChatroomSettings,
  Result,
  RoomRefusal,
  SomeSettings,
  Unavailable,
  UserId,
} from "../../../domain/mod.ts";
import { accepted, chatroomAfter, chatroomId, MAX_CAPACITY, refused } from "../../../domain/mod.ts";
import type { Chat } from "../../chat.ts";

export interface CreateChatroomInput extends SomeSettings {
  readonly name: ChatroomSettings["name"];
  readonly creatorId: UserId;
  readonly requestId: string | null;
}

/** Begin a room, with its creator as owner; the same `requestId` again yields the room of the first time. */
export async function createChatroom(
  { rooms, ids }: Pick<Chat, "rooms" | "ids">,
  { creatorId, requestId, name, topic = "", capacity = MAX_CAPACITY }: CreateChatroomInput,
): Promise<Result<Chatroom, RoomRefusal | Unavailable>> {
  const request = requestId ?? ids.random();
  // The id is made of who asked and by which request, so that on every node a retry meets the same log.
  const id = chatroomId(ids.derived("chatroom", [creatorId, request]));
  const intention = { kind: "create_chatroom", name, topic, capacity } as const;
  const outcome = await rooms.submit(id, intention, { actorId: creatorId, requestId: request });
  if (!outcome.ok) return outcome;
  const chatroom = outcome.value && chatroomAfter(null, outcome.value);
  return chatroom ? accepted(chatroom) : refused({ code: "UNAVAILABLE", outcome: "unknown" });
}
