import type { BrokerListener, RoomChangeBroker } from "../../application/mod.ts";
import type { ChatroomId, RoomChange } from "../../domain/mod.ts";
import { turn } from "./_turn.ts";
import type { Release } from "./faults.ts";

/** What a broker may do with announcements, on demand. An announcement is one change, told to all who listen. */
export interface BrokerFaults {
  /** Let the next `count` announcements reach nobody. */
  loseNext(count: number): void;
  /** Announce each of the next `count` twice. */
  repeatNext(count: number): void;
  /** Keep the next `count` back until the answered function is called; then they come, the last one first. */
  holdNext(count: number): Release;
  /**
   * Be away: what is published reaches nobody, until the answered function is called and every listener is told that
   * it was interrupted.
   */
  goAway(): Release;
}

interface Subscription {
  readonly chatroomId: ChatroomId;
  readonly listener: BrokerListener;
}

type Treatment = (change: RoomChange) => readonly RoomChange[];

/** Announces within one process. Nodes that share a broker hear each other. */
export class MemoryRoomChangeBroker implements RoomChangeBroker {
  readonly #subscriptions = new Set<Subscription>();
  readonly #treatments: Treatment[] = [];
  #away = 0;

  readonly faults: BrokerFaults = {
    loseNext: (count) => this.#treatNext(count, () => []),
    repeatNext: (count) => this.#treatNext(count, (change) => [change, change]),
    holdNext: (count) => {
      let held: RoomChange[] | null = [];
      this.#treatNext(count, (change) => {
        if (held === null) return [change];
        held.push(change);
        return [];
      });
      return () => {
        for (const change of held?.toReversed() ?? []) this.#announce(change);
        held = null;
      };
    },
    goAway: () => {
      this.#away++;
      let away = true;
      return () => {
        if (!away) return;
        away = false;
        this.#away--;
        if (this.#away === 0) this.#tellAll((listener) => listener.interrupted());
      };
    },
  };

  publish(_: ChatroomId, changes: readonly RoomChange[]): void {
    if (this.#away > 0) return;
    for (const change of changes) {
      const treat = this.#treatments.shift();
      for (const announced of treat ? treat(change) : [change]) this.#announce(announced);
    }
  }

  async subscribe(chatroomId: ChatroomId, listener: BrokerListener): Promise<() => void> {
    await turn();
    const subscription = { chatroomId, listener };
    this.#subscriptions.add(subscription);
    return () => void this.#subscriptions.delete(subscription);
  }

  #treatNext(count: number, treatment: Treatment): void {
    for (let index = 0; index < count; index++) this.#treatments.push(treatment);
  }

  #announce(change: RoomChange): void {
    this.#tellAll((listener, chatroomId) => {
      if (chatroomId === change.chatroomId) listener.announced(change);
    });
  }

  /** Call each of those who listen now, later, unless they have stopped by then. */
  #tellAll(tell: (listener: BrokerListener, chatroomId: ChatroomId) => void): void {
    for (const subscription of this.#subscriptions) {
      turn().then(() => {
        if (this.#subscriptions.has(subscription)) tell(subscription.listener, subscription.chatroomId);
      });
    }
  }
}
