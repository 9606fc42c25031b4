import { expect } from "bun:test";
import type { RoomLog } from "../../application/mod.ts";
import type { RoomChange, RoomChangeDraft } from "../../domain/mod.ts";
import { BEGINNING, requestId, sequence } from "../../domain/mod.ts";
import { changesOf, created, joined, OTHER_ROOM, OWNER, posted, posts, ROOM, texts } from "./_changes.ts";
import { fullHistory } from "./_history.ts";
import { ODD_USERS } from "./_odd_texts.ts";
import { begin, expectGapless, expectLog, expectNoTrace, write } from "./_room_log_support.ts";
import type { Proofs } from "./_setup.ts";

/** A room with its creation and two messages, and drafts of which the second has a key that stands. */
async function withKnownInTheMiddle(log: RoomLog) {
  const before = await write(log, 0, [created(), ...posts(["one", "two"])]);
  const first = before[1] as RoomChange & { readonly kind: "message_posted" };
  const ahead = posted("three", { after: { ordinal: 2, memberCount: 1 } });
  const again = posted("one", { requestId: first.requestId, after: ahead });
  const behind = posts(["four", "five"], again);
  return { before, first, ahead, again, behind, drafts: [ahead, again, ...behind] };
}

export const appendProofs: Proofs<RoomLog> = {
  "append() writes drafts at `after` + 1, + 2 … and answers them as changes": async (log) => {
    const drafts = fullHistory().drafts;
    expect(await log.append(ROOM, BEGINNING, drafts.slice(0, 1))).toStrictEqual({
      written: [...changesOf(drafts.slice(0, 1))],
      refused: null,
    });
    expect(await log.append(ROOM, sequence(1), drafts.slice(1))).toStrictEqual({
      written: [...changesOf(drafts.slice(1), 1)],
      refused: null,
    });
    await expectLog(log, changesOf(drafts));
  },

  "append() numbers each room by itself": async (log) => {
    await write(log, 0, [created(), ...posts(["one", "two"])]);
    await write(log, 0, [created(), ...posts(["alone"])], OTHER_ROOM);
    await write(log, 3, [posted("three", { after: { ordinal: 2, memberCount: 1 } })]);
    await expectGapless(log, 4);
    await expectGapless(log, 2, OTHER_ROOM);
  },

  "append() writes a large batch whole": async (log) => {
    await write(log, 0, [created(), ...posts(texts(300))]);
    await expectGapless(log, 301);
  },

  "append() answers stale with the head where `after` is below it, and writes nothing": async (log) => {
    const changes = await write(log, 0, [created(), ...posts(["one", "two"])]);
    for (const after of [0, 1, 2]) {
      const drafts = posts(["late", "later", "latest"], { ordinal: 2, memberCount: 1 });
      const answer = await log.append(ROOM, sequence(after), drafts);
      expect(answer).toStrictEqual({ written: [], refused: { kind: "stale", head: sequence(3) } });
      await expectNoTrace(log, drafts);
    }
    await expectLog(log, changes);
  },

  "append() answers stale with the head where `after` is beyond it, and writes nothing": async (log) => {
    const changes = await write(log, 0, [created(), ...posts(["one"])]);
    for (const after of [3, 4, 1_000]) {
      const drafts = posts(["early", "earlier"], { ordinal: 1, memberCount: 1 });
      const answer = await log.append(ROOM, sequence(after), drafts);
      expect(answer).toStrictEqual({ written: [], refused: { kind: "stale", head: sequence(2) } });
      await expectNoTrace(log, drafts);
    }
    await expectLog(log, changes);
    await write(log, 2, posts(["two", "three", "four"], { ordinal: 1, memberCount: 1 }));
    await expectGapless(log, 5);
  },

  "append() answers stale with 0 where the room never was and `after` is beyond it": async (log) => {
    const answer = await log.append(ROOM, sequence(1), [posted()]);
    expect(answer).toStrictEqual({ written: [], refused: { kind: "stale", head: BEGINNING } });
    await expectLog(log, []);
    await begin(log);
  },

  "append() answers known with the change of the first time, and writes nothing": async (log) => {
    const changes = await write(log, 0, [created(), ...posts(["one", "two"])]);
    const first = changes[1] as RoomChange & { readonly kind: "message_posted" };
    // What else the draft says does not matter: the key decides.
    for (const body of ["one", "another"]) {
      const again = posted(body, { requestId: first.requestId, after: { ordinal: 2, memberCount: 1 } });
      expect(await log.append(ROOM, sequence(3), [again])).toStrictEqual({
        written: [],
        refused: { kind: "known", change: first },
      });
    }
    await expectLog(log, changes);
  },

  "append() answers known or stale at a taken place with a key that stands, and writes nothing": async (log) => {
    const changes = await write(log, 0, [created(), ...posts(["one", "two"])]);
    const first = changes[1] as RoomChange & { readonly kind: "message_posted" };
    for (const after of [1, 2]) {
      const again = posted("one", { requestId: first.requestId });
      const { written, refused } = await log.append(ROOM, sequence(after), [again]);
      expect(written).toStrictEqual([]);
      const expected = refused?.kind === "known" ? { change: first } : { head: sequence(3) };
      expect(refused).toMatchObject(expected);
    }
    await expectLog(log, changes);
  },

  "append() leaves no trace of a known draft, nor of any behind it, and no hole": async (log) => {
    const { before, first, behind, drafts } = await withKnownInTheMiddle(log);
    const { written, refused } = await log.append(ROOM, sequence(3), drafts);
    expect(refused).toStrictEqual({ kind: "known", change: first });
    expect(written.length).toBeLessThanOrEqual(1);
    expect(written).toStrictEqual(changesOf(drafts.slice(0, written.length), 3));
    await expectLog(log, [...before, ...written]);
    await expectNoTrace(log, [...drafts.slice(written.length, 1), ...behind]);
    const rest = posts(["four", "five"], { ordinal: 2 + written.length, memberCount: 1 });
    await write(log, 3 + written.length, rest);
    await expectGapless(log, 5 + written.length);
  },

  // The caller tells by its place alone which of its drafts is the known one: a change does not carry its key.
  "append() answers known of the draft that is next behind the written ones": async (log) => {
    const { ahead, again, first, drafts } = await withKnownInTheMiddle(log);
    const { written } = await log.append(ROOM, sequence(3), drafts);
    const refusedDraft = drafts[written.length] as RoomChangeDraft;
    expect(refusedDraft.key).toBe(again.key);
    expect(new Map(await log.byKeys(ROOM, [ahead.key, again.key]))).toStrictEqual(
      new Map([
        [ahead.key, written[0] as RoomChange],
        [again.key, first],
      ]),
    );
  },

  "append() writes no key twice, not even within one call": async (log) => {
    const before = await begin(log);
    const once = posted("once");
    const [between] = posts(["between"], once);
    const twice = { ...once, ordinal: 3 };
    const drafts = [once, between as RoomChangeDraft, twice, ...posts(["behind"], twice)];
    const { written, refused } = await log.append(ROOM, sequence(1), drafts);
    expect(refused).not.toBeNull();
    expect(written.length).toBeLessThanOrEqual(2);
    await expectLog(log, [before, ...changesOf(drafts.slice(0, written.length), 1)]);
  },

  "append() takes a key of another room for a new one": async (log) => {
    const first = requestId("first");
    await write(log, 0, [created({ requestId: first })]);
    await write(log, 0, [created({ requestId: first })], OTHER_ROOM);
    const post = requestId("post");
    await write(log, 1, [posted("here", { requestId: post })]);
    await write(log, 1, [posted("there", { requestId: post })], OTHER_ROOM);
  },

  "append() takes keys that differ by their user alone, however odd, for different ones": async (log) => {
    const begun = await begin(log);
    const same = requestId("r");
    const drafts: RoomChangeDraft[] = [];
    for (const user of ODD_USERS) drafts.push(joined(user, { requestId: same, after: drafts.at(-1) ?? begun }));
    await write(log, 1, drafts);
    const changes = changesOf(drafts, 1);
    const keyed = new Map(drafts.map(({ key }, index) => [key, changes[index] as RoomChange]));
    expect(new Map(await log.byKeys(ROOM, [...keyed.keys()]))).toStrictEqual(keyed);
  },

  "append() takes keys that differ by case alone for different ones": async (log) => {
    await begin(log);
    const draft = posted("small", { requestId: requestId("abc") });
    await write(log, 1, [draft]);
    await write(log, 2, [posted("large", { requestId: requestId("ABC"), after: draft })]);
  },

  "append() burns no sequence and no key by refusing": async (log) => {
    await begin(log);
    const mine = posted("mine");
    const taken = posted("taken", { by: OWNER });
    await write(log, 1, [taken]);
    for (let time = 0; time < 5; time++) {
      const [after, drafts] = time % 2 === 0 ? [1, [mine]] : [2, [{ ...taken, ordinal: 2 }]];
      const { written, refused } = await log.append(ROOM, sequence(after as number), drafts as RoomChangeDraft[]);
      expect(written).toStrictEqual([]);
      expect(refused?.kind).toBe(time % 2 === 0 ? "stale" : "known");
    }
    await write(log, 2, [{ ...mine, ordinal: 2 }]);
    await expectGapless(log, 3);
  },
};
