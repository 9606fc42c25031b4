import type { ChatroomId, RoomChange } from "../../domain/mod.ts";

/** Who listens to a room's announcements on a node. Neither may throw. */
export interface BrokerListener {
  /** A change was announced; perhaps not for the first time, perhaps before an earlier one, perhaps never. */
  announced(change: RoomChange): void;
  /** Announcements may have been lost until now: look at the log. */
  interrupted(): void;
}

/** Tells every node of new changes. It may lose, repeat and reorder them, and be away: the log has them all. */
export interface RoomChangeBroker {
  /** Announce changes that are durable. Not being able to is no error. */
  publish(chatroomId: ChatroomId, changes: readonly RoomChange[]): void;
  /** Listen to a room from when this is answered until the answered function is called. */
  subscribe(chatroomId: ChatroomId, listener: BrokerListener): Promise<() => void>;
}
