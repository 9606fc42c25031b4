import type { Directory, DirectoryPosition } from "../../application/mod.ts";
import type { Chatroom, ChatroomId, RoomChange } from "../../domain/mod.ts";
import { compareText, fold } from "../../domain/mod.ts";
import type { MemoryRows } from "./_rows.ts";
import { applyToDirectory } from "./_rows.ts";
import { turn } from "./_turn.ts";
import type { NodeFaults } from "./faults.ts";

/** Lists rooms by sorting all of them. */
export class MemoryDirectory implements Directory {
  readonly #rows: MemoryRows;
  readonly #faults: NodeFaults;

  constructor(rows: MemoryRows, faults: NodeFaults) {
    this.#rows = rows;
    this.#faults = faults;
  }

  async apply(change: RoomChange): Promise<void> {
    await turn();
    await this.#faults.projectable(change.chatroomId);
    applyToDirectory(this.#rows, change);
  }

  async get(chatroomId: ChatroomId): Promise<Chatroom | null> {
    await turn();
    return this.#rows.chatrooms.get(chatroomId) ?? null;
  }

  async byIds(chatroomIds: readonly ChatroomId[]): Promise<readonly Chatroom[]> {
    await turn();
    return [...new Set(chatroomIds)].flatMap((chatroomId) => this.#rows.chatrooms.get(chatroomId) ?? []);
  }

  async list(query: string, after: DirectoryPosition | null, limit: number): Promise<readonly Chatroom[]> {
    await turn();
    return [...this.#rows.chatrooms.values()]
      .filter(({ deletedAt }) => deletedAt === null)
      .map((chatroom) => ({ chatroom, name: fold(chatroom.name), id: chatroom.id }))
      .filter(({ name }) => name.includes(query))
      .filter((listed) => after === null || comparePositions(listed, after) > 0)
      .sort(comparePositions)
      .slice(0, limit)
      .map(({ chatroom }) => chatroom);
  }
}

function comparePositions(a: DirectoryPosition, b: DirectoryPosition): number {
  return compareText(a.name, b.name) || compareText(a.id, b.id);
}
