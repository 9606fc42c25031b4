import type { ChatroomSnapshot } from "../../../application/mod.ts";
import { SNAPSHOT_MESSAGES } from "../../../application/mod.ts";
import type { Message, RoomChange, RoomWindow } from "../../../domain/mod.ts";
import { applyChange, messageOf, parsePlace, sequence } from "../../../domain/mod.ts";
import type { PagesRecord, ProbeRecord, SnapshotRecord } from "../recording.ts";
import { logOf } from "../recording.ts";
import { difference, type Finding, show, sides, type Verdict } from "./verdict.ts";

/**
 * A change is told only once it can be read: whoever is told of it and reads at once has to find it. Otherwise it was
 * announced before it was durable, and may yet be lost.
 */
export const announced: Verdict = {
  name: "announced",
  promise: "whoever was told of a change, or made it, found it when they read at once",
  judge: ({ probes }) => probes.flatMap(missingIn),
};

function missingIn({ reader, sequence: known, change, read }: ProbeRecord): readonly Finding[] {
  const place = { sequence: known, who: reader };
  if (read.kind !== "value") return [{ ...place, expected: "a page of history", received: show(read) }];
  const { asOf, messages } = read.value;
  const reached = parsePlace(asOf)?.sequence ?? sequence(0);
  if (reached < known) return [{ ...place, expected: `a room that has reached ${known}`, received: `asOf ${asOf}` }];
  if (change !== null && change.kind !== "message_posted") return [];
  const [newest] = messages;
  const differs = change === null ? difference(known, newest?.sequence) : difference(messageOf(change), newest);
  return differs ? [{ ...place, ...sides(differs) }] : [];
}

/** Each snapshot, and the changes from its place on, come to what a fresh read answers. */
export const windows: Verdict = {
  name: "windows",
  promise: "a snapshot of any time, and the changes since, come to the same window as a fresh read",
  judge(recording) {
    const log = [...logOf(recording).values()];
    const fresh = new Map(recording.fresh.map((one) => [one.userId, one]));
    return [...recording.snapshots, ...recording.fresh].flatMap((record): readonly Finding[] => {
      const snapshot = windowOf(record);
      const target = fresh.get(record.userId);
      const reached = target && windowOf(target);
      const least = record.atLeast === null ? null : parsePlace(record.atLeast);
      const who = `${record.reader}, from ${snapshot ? `a snapshot as of ${snapshot.asOf}` : "a snapshot"}`;
      const place = { sequence: snapshot?.asOf ?? null, who };
      if (!snapshot) return [{ ...place, expected: "a snapshot", received: show(record.read) }];
      if (!reached) return [{ ...place, expected: "a fresh snapshot", received: show(target?.read) }];
      if (least && snapshot.asOf < least.sequence) {
        return [{ ...place, expected: `at least ${least.sequence}`, received: String(snapshot.asOf) }];
      }
      const replayed = log.filter((change) => change.sequence <= reached.asOf).reduce(applyChange, snapshot);
      const differs = difference(reached, replayed);
      return differs ? [{ ...place, ...sides(differs) }] : [];
    });
  },
};

function windowOf({ read }: SnapshotRecord): RoomWindow | null {
  if (read.kind !== "value") return null;
  const { chatroom, membership, messages, asOf }: ChatroomSnapshot = read.value;
  const place = parsePlace(asOf);
  return place && { chatroom, membership, messages, size: SNAPSHOT_MESSAGES, asOf: place.sequence };
}

/** Pages, put together, are the messages of the log. */
export const pages: Verdict = {
  name: "pages",
  promise: "paging backwards brought each message before the place once, in the log's order",
  judge(recording) {
    const messages = [...logOf(recording).values()].flatMap((change) => (isPost(change) ? [messageOf(change)] : []));
    return recording.pages.flatMap((record) => misplacedIn(record, messages));
  },
};

function misplacedIn({ reader, before, pages }: PagesRecord, messages: readonly Message[]): readonly Finding[] {
  const unread = pages.find((page) => page.kind !== "value");
  if (unread) return [{ sequence: before, who: reader, expected: "a page of history", received: show(unread) }];
  const read = pages.toReversed().flatMap((page) => (page.kind === "value" ? page.value.messages : []));
  const expected = messages.filter((message) => message.sequence < before);
  for (let index = 0; index < Math.max(read.length, expected.length); index++) {
    const [wanted, got] = [expected[expected.length - 1 - index], read[read.length - 1 - index]];
    const differs = difference(wanted, got);
    const place = { sequence: wanted?.sequence ?? got?.sequence ?? null, who: reader };
    if (differs) return [{ ...place, ...sides(differs) }];
  }
  return [];
}

function isPost(change: RoomChange): change is RoomChange & { readonly kind: "message_posted" } {
  return change.kind === "message_posted";
}
