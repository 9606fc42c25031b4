import type { Epoch } from "../../domain/mod.ts";
import { epoch } from "../../domain/mod.ts";
import type { MemoryRows } from "./_rows.ts";
import { emptyRows } from "./_rows.ts";
import { MemoryDirectory } from "./directory.ts";
import type { MemoryFaults } from "./faults.ts";
import { NodeFaults } from "./faults.ts";
import { MemoryMemberships } from "./memberships.ts";
import { MemoryMessages } from "./messages.ts";
import { MemoryRoomLog } from "./room_log.ts";

export interface MemoryStoreOptions {
  /**
   * `within` (the default): rows of rooms and memberships follow in the same step as the log, and nothing is ever
   * pending. `later`: what is projected is pending until someone applies and settles it, as where log and rows are of
   * different servers.
   */
  readonly projection?: "within" | "later";
  readonly epoch?: Epoch;
}

/** The rooms of a chat as one node sees them: everything that must agree with the log. */
export interface MemoryStore {
  readonly log: MemoryRoomLog;
  readonly messages: MemoryMessages;
  readonly directory: MemoryDirectory;
  readonly memberships: MemoryMemberships;
  /** What may go wrong with this node's reads and writes, on demand. */
  readonly faults: MemoryFaults;
  /** The same rooms as another node sees them, with faults of its own. */
  anotherNode(): MemoryStore;
}

/** Rooms kept in this process, for trying things out and as the model that other stores are compared with. */
export function createMemoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  return nodeOf(emptyRows({ epoch: options.epoch ?? epoch("memory00"), projection: options.projection ?? "within" }));
}

function nodeOf(rows: MemoryRows): MemoryStore {
  const faults = new NodeFaults();
  return {
    log: new MemoryRoomLog(rows, faults),
    messages: new MemoryMessages(rows, faults),
    directory: new MemoryDirectory(rows, faults),
    memberships: new MemoryMemberships(rows, faults),
    faults,
    anotherNode: () => nodeOf(rows),
  };
}
