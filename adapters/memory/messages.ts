import type { Messages } from "../../application/mod.ts";
import type { ChatroomId, Message, MessageId, RoomChange } from "../../domain/mod.ts";
import { messageOf } from "../../domain/mod.ts";
import type { MemoryRows } from "./_rows.ts";
import { changesOf } from "./_rows.ts";
import { turn } from "./_turn.ts";
import type { NodeFaults } from "./faults.ts";

/** Finds messages by going through the log. */
export class MemoryMessages implements Messages {
  readonly #rows: MemoryRows;
  readonly #faults: NodeFaults;

  constructor(rows: MemoryRows, faults: NodeFaults) {
    this.#rows = rows;
    this.#faults = faults;
  }

  async byOrdinal(chatroomId: ChatroomId, from: number, to: number): Promise<readonly Message[]> {
    await turn();
    const changes = changesOf(this.#rows, chatroomId);
    const seen = changes.slice(0, this.#faults.seen(chatroomId, changes.length));
    return messagesOf(seen).filter(({ ordinal }) => ordinal >= from && ordinal <= to);
  }

  async byIds(chatroomId: ChatroomId, messageIds: readonly MessageId[]): Promise<readonly Message[]> {
    await turn();
    const changes = changesOf(this.#rows, chatroomId);
    return messagesOf(messageIds.flatMap((id) => changes[id - 1] ?? []));
  }
}

function messagesOf(changes: readonly RoomChange[]): readonly Message[] {
  return changes.flatMap((change) => (change.kind === "message_posted" ? [messageOf(change)] : []));
}
