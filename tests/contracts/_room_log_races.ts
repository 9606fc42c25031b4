import { expect } from "bun:test";
import type { RoomLog } from "../../application/mod.ts";
import type { ChatroomId, RoomChange, RoomChangeDraft } from "../../domain/mod.ts";
import { BEGINNING, changeKey, chatroomId, requestId, sequence, userId } from "../../domain/mod.ts";
import { changesOf, created, freshRequest, OWNER, posted, posts, ROOM, texts } from "./_changes.ts";
import { begin, expectGapless, expectLog, expectNoTrace, write } from "./_room_log_support.ts";
import type { Proofs } from "./_setup.ts";

const WRITERS = 16;
const each = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** Append a batch at the head, again and again, until it is written whole; answers what was written. */
async function persist(log: RoomLog, room: ChatroomId, bodies: readonly string[]): Promise<readonly RoomChange[]> {
  const written: RoomChange[] = [];
  const requests = bodies.map(freshRequest);
  for (let attempt = 0; attempt < 10_000; attempt++) {
    const head = (await log.head(room)) as RoomChange;
    const drafts: RoomChangeDraft[] = [];
    for (let index = written.length; index < bodies.length; index++) {
      const request = requests[index] as (typeof requests)[number];
      drafts.push(posted(bodies[index], { requestId: request, after: drafts.at(-1) ?? head }));
    }
    const answer = await log.append(room, head.sequence, drafts);
    expect(answer.written).toStrictEqual(changesOf(drafts.slice(0, answer.written.length), head.sequence, room));
    written.push(...answer.written);
    if (answer.refused === null) return written;
    expect(answer.refused.kind).toBe("stale");
  }
  throw new Error("a writer that always tries again never got to write");
}

export const raceProofs: Proofs<RoomLog> = {
  "append() lets one of many writers at the same head write, and answers stale with the head to the others": async (
    log,
  ) => {
    const begun = await begin(log);
    const drafts = each(WRITERS).map((writer) => posted(`by ${writer}`));
    const answers = await Promise.all(drafts.map((draft) => log.append(ROOM, sequence(1), [draft])));
    const winners = answers.filter(({ refused }) => refused === null);
    expect(winners.map(({ written }) => written.length)).toEqual([1]);
    for (const { written, refused } of answers.filter((answer) => answer !== winners[0])) {
      expect(written).toStrictEqual([]);
      expect(refused).toStrictEqual({ kind: "stale", head: sequence(2) });
    }
    await expectLog(log, [begun, ...(winners[0]?.written ?? [])]);
    await expectNoTrace(
      log,
      drafts.filter((_, index) => answers[index] !== winners[0]),
    );
  },

  "append() lets one of many creations of a room be": async (log) => {
    const drafts = each(WRITERS).map((writer) => created({ by: userId(`creator ${writer}`) }));
    const answers = await Promise.all(drafts.map((draft) => log.append(ROOM, BEGINNING, [draft])));
    expect(answers.filter(({ refused }) => refused === null)).toHaveLength(1);
    expect(answers.filter(({ refused }) => refused?.kind === "stale" && refused.head === 1)).toHaveLength(WRITERS - 1);
    await expectLog(
      log,
      answers.flatMap(({ written }) => [...written]),
    );
  },

  "append() mixes no batches at the same head: one is written, the others leave no trace": async (log) => {
    const begun = await begin(log);
    const batches = each(WRITERS).map((writer) => posts(texts(1 + (writer % 5), `writer ${writer}`)));
    const answers = await Promise.all(batches.map((drafts) => log.append(ROOM, sequence(1), drafts)));
    const winner = answers.findIndex(({ refused }) => refused === null);
    const won = changesOf(batches[winner] ?? [], 1);
    for (const [index, { written, refused }] of answers.entries()) {
      expect(written).toStrictEqual(index === winner ? won : []);
      if (index === winner) continue;
      // The head is one that the winner's batch had already reached when the loser was refused.
      expect(refused).toMatchObject({ kind: "stale" });
      expect(refused?.kind === "stale" && refused.head > 1 && refused.head <= 1 + won.length).toBe(true);
      await expectNoTrace(log, batches[index] ?? []);
    }
    await expectLog(log, [begun, ...won]);
  },

  "append() keeps the log gapless, and each writer's order, among writers that try again": async (log) => {
    await begin(log);
    const written = await Promise.all(
      each(6).map(async (writer) => {
        const mine: RoomChange[] = [];
        for (const batch of each(6)) {
          mine.push(...(await persist(log, ROOM, texts(1 + ((writer + batch) % 3), `${writer}.${batch}`))));
        }
        return mine;
      }),
    );
    const all = await expectGapless(log, 1 + written.flat().length);
    expect(all.slice(1)).toStrictEqual(written.flat().toSorted((a, b) => a.sequence - b.sequence));
    for (const mine of written) {
      expect(mine).toStrictEqual(mine.toSorted((a, b) => a.sequence - b.sequence));
    }
  },

  "append() lets writers of different rooms not disturb each other": async (log) => {
    const rooms = each(WRITERS).map((index) => chatroomId(`room-${index}`));
    await Promise.all(rooms.map((room) => begin(log, room)));
    await Promise.all(rooms.map((room) => write(log, 1, posts(["one", "two"]), room)));
    for (const room of rooms) await expectGapless(log, 3, room);
  },

  "append() writes a key once however many writers bring it at the same head": async (log) => {
    await begin(log);
    const draft = posted("once");
    const answers = await Promise.all(each(WRITERS).map(() => log.append(ROOM, sequence(1), [draft])));
    expect(answers.filter(({ refused }) => refused === null)).toHaveLength(1);
    const [, change] = await expectGapless(log, 2);
    for (const { refused } of answers) {
      if (refused?.kind === "known") expect(refused.change).toStrictEqual(change as RoomChange);
      if (refused?.kind === "stale") expect(refused.head).toBe(sequence(2));
    }
    const again = await Promise.all(each(WRITERS).map(() => log.append(ROOM, sequence(2), [{ ...draft, ordinal: 2 }])));
    for (const answer of again) {
      expect(answer).toStrictEqual({ written: [], refused: { kind: "known", change: change as RoomChange } });
    }
    await expectGapless(log, 2);
  },

  "append() writes a key once however many writers bring it among others, trying again": async (log) => {
    await begin(log);
    const request = requestId("once");
    const outcomes = await Promise.all(
      each(8).map(async (writer) => {
        await persist(log, ROOM, [`before, by ${writer}`]);
        for (let attempt = 0; attempt < 10_000; attempt++) {
          const head = (await log.head(ROOM)) as RoomChange;
          const draft = posted("once", { requestId: request, after: head });
          const { written, refused } = await log.append(ROOM, head.sequence, [draft]);
          if (refused === null) return { first: true, change: written[0] };
          if (refused.kind === "known") return { first: false, change: refused.change };
        }
        throw new Error("a writer that always tries again never got an answer");
      }),
    );
    expect(outcomes.filter(({ first }) => first)).toHaveLength(1);
    const key = changeKey(request, OWNER);
    const change = (await log.byKeys(ROOM, [key])).get(key) as RoomChange;
    for (const outcome of outcomes) expect(outcome.change).toStrictEqual(change);
    await expectGapless(log, 1 + 8 + 1);
  },

  "read() hands out nothing out of its place while others append": async (log) => {
    await begin(log);
    let appending = true;
    const writers = each(4).map((writer) => persist(log, ROOM, texts(10, `writer ${writer}`)));
    const done = Promise.all(writers).finally(() => {
      appending = false;
    });
    done.catch(() => {});
    while (appending) {
      const read = await log.read(ROOM, sequence(1), 1_000);
      expect(read.map(({ sequence }) => Number(sequence))).toEqual(each(read.length).map((index) => index + 2));
    }
    await done;
    await expectGapless(log, 41);
  },
};
