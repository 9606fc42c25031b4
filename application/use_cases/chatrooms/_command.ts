import type { ChatroomId, PlaceText, Result, RoomIntention, RoomRefusal, Unavailable } from "../../../domain/mod.ts";
import { accepted, formatPlace } from "../../../domain/mod.ts";
import type { Chat } from "../../chat.ts";
import type { Commander } from "../../room_writers.ts";

/** That a command is carried out. */
export interface Done {
  /** The place of its change, to read at least up to; null if all was as wanted already. */
  readonly place: PlaceText | null;
}

/** Hand a command to the room's writer and answer the place of what it brought. */
export async function command(
  { rooms, log }: Pick<Chat, "rooms" | "log">,
  chatroomId: ChatroomId,
  intention: RoomIntention,
  commander: Commander,
): Promise<Result<Done, RoomRefusal | Unavailable>> {
  const outcome = await rooms.submit(chatroomId, intention, commander);
  if (!outcome.ok) return outcome;
  const change = outcome.value;
  return accepted({ place: change && formatPlace({ epoch: await log.epoch(), sequence: change.sequence }) });
}
