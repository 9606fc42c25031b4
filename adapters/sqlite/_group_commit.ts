import type { Database } from "bun:sqlite";
import { createWrites, type Writes } from "./_writes.ts";

/** A write that somebody waits for, under a number of theirs. */
export type Request = readonly [id: number, name: keyof Writes, args: readonly unknown[]];

/** What became of a write: its answer, or what it failed of. */
export type Reply = readonly [id: number, answer: unknown] | readonly [id: number, answer: null, fault: string];

/** Carries out writes in their order and commits them together. It answers after the commit, and does not throw. */
export type GroupCommit = (requests: readonly Request[]) => readonly Reply[];

/**
 * One transaction for all that is asked at once, in which each write stands or falls by itself: what one leaves
 * unfinished is undone, and the others go on. Where the transaction as a whole cannot be had, none of them is written.
 */
export function createGroupCommit(connection: Database): GroupCommit {
  const writes = createWrites(connection) as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;
  const prepared = (sql: string) => connection.prepare<unknown, []>(sql);
  const [begin, commit, rollback] = [prepared("BEGIN IMMEDIATE"), prepared("COMMIT"), prepared("ROLLBACK")];
  const [save, release, undo] = [prepared("SAVEPOINT write"), prepared("RELEASE write"), prepared("ROLLBACK TO write")];

  function carryOut([id, name, args]: Request): Reply {
    save.run();
    try {
      const answer = writes[name]?.(...args) ?? null;
      release.run();
      return [id, answer];
    } catch (fault) {
      // Of a full disk, and the like, SQLite may have undone the whole transaction already.
      if (!connection.inTransaction) throw fault;
      undo.run();
      release.run();
      return failed(id, fault);
    }
  }

  return (requests) => {
    try {
      begin.run();
      const replies = requests.map(carryOut);
      commit.run();
      return replies;
    } catch (fault) {
      if (connection.inTransaction) rollback.run();
      return requests.map(([id]) => failed(id, fault));
    }
  };
}

function failed(id: number, fault: unknown): Reply {
  return [id, null, fault instanceof Error ? fault.message : String(fault)];
}
