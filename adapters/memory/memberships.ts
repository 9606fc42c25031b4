import type { Memberships } from "../../application/mod.ts";
import type { ChatroomId, Membership, RoomChange, UserId } from "../../domain/mod.ts";
import { compareText } from "../../domain/mod.ts";
import type { MemoryRows } from "./_rows.ts";
import { applyToMemberships } from "./_rows.ts";
import { turn } from "./_turn.ts";
import type { NodeFaults } from "./faults.ts";

/** Keeps the memberships of each room by user. */
export class MemoryMemberships implements Memberships {
  readonly #rows: MemoryRows;
  readonly #faults: NodeFaults;

  constructor(rows: MemoryRows, faults: NodeFaults) {
    this.#rows = rows;
    this.#faults = faults;
  }

  async apply(change: RoomChange): Promise<void> {
    await turn();
    await this.#faults.projectable(change.chatroomId);
    applyToMemberships(this.#rows, change);
  }

  async get(chatroomId: ChatroomId, userIds: readonly UserId[]): Promise<readonly Membership[]> {
    await turn();
    const members = this.#rows.memberships.get(chatroomId);
    return [...new Set(userIds)].flatMap((userId) => members?.get(userId) ?? []);
  }

  async ofUser(userId: UserId): Promise<readonly Membership[]> {
    await turn();
    return [...this.#rows.memberships.values()]
      .flatMap((members) => members.get(userId) ?? [])
      .filter(({ ended }) => ended === null)
      .sort((a, b) => compareText(a.chatroomId, b.chatroomId));
  }

  async ofChatroom(chatroomId: ChatroomId, after: UserId | null, limit: number): Promise<readonly Membership[]> {
    await turn();
    return [...(this.#rows.memberships.get(chatroomId)?.values() ?? [])]
      .filter(({ ended, userId }) => ended === null && (after === null || compareText(userId, after) > 0))
      .sort((a, b) => compareText(a.userId, b.userId))
      .slice(0, limit);
  }
}
