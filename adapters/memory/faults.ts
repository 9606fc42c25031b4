import type { ChatroomId, Sequence } from "../../domain/mod.ts";

/** Ends what a fault began; called again it does nothing. */
export type Release = () => void;

/** An append was made to fail: its drafts may be written, in part or wholly, or yet come to be. */
export class OutcomeUnknown extends Error {
  override readonly name = "OutcomeUnknown";
}

export interface LostAppend {
  /** Of which room the next append fails; of any, if none is named. */
  readonly chatroomId?: ChatroomId;
  /** How many of its drafts are written before it throws. */
  readonly written: number | "all";
}

/**
 * What a store made of several servers does on a bad day, on demand. Each knob is of one node: what one reads late,
 * another that shares the store reads in time.
 */
export interface MemoryFaults {
  /** Let `apply` of directory and memberships wait, of one room or of all, until the answered function is called. */
  holdProjections(chatroomId?: ChatroomId): Release;
  /**
   * Let what may lag (`read`, `heads`, `ahead` and `byOrdinal`) not see the newest `count` changes of a room,
   * whichever those are when it is asked.
   */
  hideNewest(chatroomId: ChatroomId, count: number): Release;
  /** Let what may lag see nothing of a room beyond a sequence. */
  hideBeyond(chatroomId: ChatroomId, upTo: Sequence): Release;
  /**
   * Let the next append throw {@link OutcomeUnknown} after having written some of its drafts. Those left are written
   * when the answered function is called, as far as each is still the next of its room and its key new: so a write
   * that was under way comes to be late. If that function is never called, they never are. Called before there was
   * such an append, it takes the fault back.
   */
  loseNextAppend(lost: LostAppend): Release;
}

/** What becomes of an append: how much of it is written now, and who writes the rest. */
export interface AppendFault {
  readonly written: number;
  /** Hand over what writes the rest, for when the fault is released. */
  later(writeRest: () => void): void;
}

/** The faults of a node, and what its adapters ask of them. */
export class NodeFaults implements MemoryFaults {
  readonly #held: { chatroomId: ChatroomId | undefined; released: Promise<void> }[] = [];
  readonly #hidden: { chatroomId: ChatroomId; seen: (length: number) => number }[] = [];
  readonly #lost: (LostAppend & { later(writeRest: () => void): void })[] = [];

  holdProjections(chatroomId?: ChatroomId): Release {
    let release: Release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const hold = { chatroomId, released };
    const forget = putInto(this.#held, hold);
    return () => {
      forget();
      release();
    };
  }

  hideNewest(chatroomId: ChatroomId, count: number): Release {
    return putInto(this.#hidden, { chatroomId, seen: (length) => Math.max(0, length - count) });
  }

  hideBeyond(chatroomId: ChatroomId, upTo: Sequence): Release {
    return putInto(this.#hidden, { chatroomId, seen: (length) => Math.min(length, upTo) });
  }

  loseNextAppend(lost: LostAppend): Release {
    let writeRest = (): void => {};
    const later = (write: () => void): void => {
      writeRest = write;
    };
    const forget = putInto(this.#lost, { ...lost, later });
    return () => {
      forget();
      writeRest();
      writeRest = () => {};
    };
  }

  /** Resolves once nothing holds the projection of a room. */
  async projectable(chatroomId: ChatroomId): Promise<void> {
    for (;;) {
      const hold = this.#held.find((one) => one.chatroomId === undefined || one.chatroomId === chatroomId);
      if (!hold) return;
      await hold.released;
    }
  }

  /** How many of the changes of a room a read that may lag sees. */
  seen(chatroomId: ChatroomId, length: number): number {
    const hidden = this.#hidden.filter((one) => one.chatroomId === chatroomId);
    return Math.min(length, ...hidden.map(({ seen }) => seen(length)));
  }

  /** The fault that befalls this append, if one does. */
  takeLost(chatroomId: ChatroomId, drafts: number): AppendFault | null {
    const index = this.#lost.findIndex((one) => one.chatroomId === undefined || one.chatroomId === chatroomId);
    const [lost] = index < 0 ? [] : this.#lost.splice(index, 1);
    if (!lost) return null;
    return { written: lost.written === "all" ? drafts : Math.min(lost.written, drafts), later: lost.later };
  }
}

/** Put an item into a list until the answered function is called. */
function putInto<T>(list: T[], item: T): Release {
  list.push(item);
  return () => {
    const index = list.indexOf(item);
    if (index >= 0) list.splice(index, 1);
  };
}
