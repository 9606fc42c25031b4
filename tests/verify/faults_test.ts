import { expect, test } from "bun:test";
import { verify } from "../../tools/verify/command.ts";
import { type Planted, startOwnServer } from "../../tools/verify/own_server.ts";
import { badDay } from "./_bad_day.ts";
import * as faults from "./_planted_faults.ts";
import { shortLog } from "./_short_log.ts";

interface Found {
  readonly code: number;
  /** The names of the verdicts that failed. */
  readonly failed: readonly string[];
  readonly printed: string;
}

/** Verify the short log on the memory store, line by line so that faults strike the same acts, with a fault between its parts. */
async function verifyWith(planted: Planted): Promise<Found> {
  using log = shortLog();
  let printed = "";
  // Patience is longer than the second after which a lost announcement is made up for.
  const code = await verify(
    ["--log", log.path, "--store", "memory", "--patience", "1500", "--seed", "7", "--in-flight", "1"],
    {
      startServer: (store) => startOwnServer(store, planted),
      chances: { probeOneIn: 1, snapshotOneIn: 4 },
      print: (text) => {
        printed += text;
      },
    },
  );
  const failed = /^verdicts +FAILED: (.*)$/m.exec(printed)?.[1]?.split(", ") ?? [];
  return { code, failed, printed };
}

/** A fault, the verdicts that it must fail and no other, and what the evidence has to say. */
const plants: readonly (readonly [string, Planted, readonly string[], RegExp])[] = [
  [
    "a change lost to one observer",
    faults.lostChange,
    ["whole"],
    /sequence 40, .*\n.*the change 40\n.*the change 41 \(HOLE\)/,
  ],
  ["a change told twice", faults.toldTwice, ["whole"], /sequence 40, .*\n.*the change 41\n.*the change 40 \(DOUBLE\)/],
  [
    "two changes told in the wrong order",
    faults.swapped,
    ["whole"],
    /sequence 40, .*\n.*the change 40\n.*the change 41 \(HOLE\)/,
  ],
  [
    "a change told otherwise to one observer",
    faults.toldOtherwise,
    ["same"],
    /sequence 40, .*\n.*memberCount \d+\n.*memberCount \d+/,
  ],
  [
    "an observer told nothing any more",
    faults.fallenSilent,
    ["arrived"],
    /sequence 40, .*\n.*changes up to 68\n.*39 last/,
  ],
  ["a wrong count", faults.miscounted, ["counted"], /sequence 40, the log\n.*memberCount \d+\n.*memberCount \d+/],
  ["a post written twice", faults.writtenTwice(), ["caused"], /sequence 4\d, the log\n.*no change\n.*message_posted/],
  [
    "forgotten request ids",
    faults.forgottenRequests(),
    ["answered", "caused"],
    /sequence \d+, .*'s post \(line \d+\)\n.*sent again: value\.message/,
  ],
  [
    "a page that says that it is newer than it is",
    faults.mixedPage,
    ["windows"],
    /sequence \d+, .*, from a snapshot as of \d+\n.*messages\./,
  ],
  [
    "messages of history in the wrong order",
    faults.swappedMessages,
    ["pages"],
    /sequence \d+, the (latecomer|witness)\n.*id \d+\n.*id \d+/,
  ],
  ["a member missing from the list", faults.lostMember, ["members"], /sequence 68, the list of members\n.*carl_\n/],
];

test("verify() finds nothing where no fault is planted", async () => {
  expect(await verifyWith({})).toMatchObject({ code: 0, failed: [] });
});

test.each(plants)(
  "verify() finds %s",
  async (_, planted, failed, evidence) => {
    const found = await verifyWith(planted);
    expect(found).toMatchObject({ code: 1, failed });
    expect(found.printed).toMatch(evidence);
  },
  20_000,
);

test("verify() finds a text that was acknowledged and not kept", async () => {
  // What is kept at hand of the newest messages has the text as it was, so snapshots contradict each other too.
  const { code, failed, printed } = await verifyWith(faults.lostText);
  expect({ code, failed }).toEqual({ code: 1, failed: ["durable", "windows"] });
  expect(printed).toMatch(/durable: .*\n {2}sequence 40, .*'s post \(line \d+\)\n.*body .*\n.*body /);
}, 20_000);

test("verify() finds changes that are announced before they are written", async () => {
  // Who is cut off just then comes back with a place that the log has not reached, and is told so.
  const { code, failed, printed } = await verifyWith(faults.earlyAnnouncement());
  expect(code).toBe(1);
  expect(failed).toContain("announced");
  expect(printed).toMatch(/announced: .*\n {2}sequence \d+, the witness\n.*a room that has reached \d+\n.*asOf /);
}, 20_000);

test.each([1, 2, 3])(
  "verify() finds every promise kept through all that ports may do, by seed %d",
  async (seed) => {
    expect(await verifyWith(badDay(seed))).toMatchObject({ code: 0, failed: [] });
  },
  20_000,
);
