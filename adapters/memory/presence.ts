import type { Presence } from "../../application/mod.ts";
import type { ChatroomId, UserId } from "../../domain/mod.ts";
import { compareText } from "../../domain/mod.ts";
import { turn } from "./_turn.ts";

/** Counts the connections of each user in each room, within one process. */
export class MemoryPresence implements Presence {
  readonly #connections = new Map<ChatroomId, Map<UserId, number>>();
  readonly #watchers = new Map<ChatroomId, Set<() => void>>();

  async enter(chatroomId: ChatroomId, userId: UserId): Promise<() => Promise<void>> {
    await turn();
    this.#count(chatroomId, userId, 1);
    let entered = true;
    return async () => {
      await turn();
      if (entered) this.#count(chatroomId, userId, -1);
      entered = false;
    };
  }

  async here(chatroomId: ChatroomId): Promise<readonly UserId[]> {
    await turn();
    return [...(this.#connections.get(chatroomId)?.keys() ?? [])].sort(compareText);
  }

  async watch(chatroomId: ChatroomId, changed: () => void): Promise<() => void> {
    await turn();
    const watchers = this.#watchers.get(chatroomId) ?? new Set();
    this.#watchers.set(chatroomId, watchers);
    // A function of its own for each watch: the same `changed` may watch twice.
    const watcher = (): void => changed();
    watchers.add(watcher);
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0 && this.#watchers.get(chatroomId) === watchers) this.#watchers.delete(chatroomId);
    };
  }

  #count(chatroomId: ChatroomId, userId: UserId, difference: 1 | -1): void {
    const connections = this.#connections.get(chatroomId) ?? new Map<UserId, number>();
    this.#connections.set(chatroomId, connections);
    const before = connections.get(userId) ?? 0;
    connections.set(userId, before + difference);
    if (before + difference === 0) connections.delete(userId);
    if (connections.size === 0) this.#connections.delete(chatroomId);
    if (before === 0 || before + difference === 0) this.#tell(chatroomId);
  }

  #tell(chatroomId: ChatroomId): void {
    for (const watcher of this.#watchers.get(chatroomId) ?? []) {
      turn().then(() => {
        if (this.#watchers.get(chatroomId)?.has(watcher)) watcher();
      });
    }
  }
}
