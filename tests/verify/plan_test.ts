import { expect, test } from "bun:test";
import { parseLog } from "../../tools/verify/parse_log.ts";
import { makePlan } from "../../tools/verify/plan.ts";

/** Acts as `user intention expected`, so that a script reads as one. */
function script(log: string, answers: readonly (readonly [number, number])[] = [], users?: number): readonly string[] {
  const lines = parseLog(new TextEncoder().encode(log));
  const annotated = answers.map(([from, to]) => ({ from, to }));
  return makePlan(lines, annotated, users === undefined ? {} : { users }).acts.map(({ user, intention, expected }) => {
    const reply = intention.kind === "post" && intention.replyTo !== null ? ` to ${intention.replyTo}` : "";
    return `${user} ${intention.kind}${reply}: ${expected}`;
  });
}

test("makePlan() lets who speaks without having joined join first", () => {
  expect(script("[12:00] <ann> hi\n[12:00] <ann> all")).toEqual([
    "ann join: change",
    "ann post: change",
    "ann post: change",
  ]);
});

test("makePlan() keeps joins of who is in and leaves of who is not as acts that alter nothing", () => {
  const log = "=== ann [h] has joined #r\n=== ann [h] has joined #r\n=== ann [h] has left #r\n=== ann [h] has left #r";
  expect(script(log)).toEqual(["ann join: change", "ann join: nothing", "ann leave: change", "ann leave: nothing"]);
});

test("makePlan() lets a renamed user go on, and one who takes up a nick that was given up be someone new", () => {
  const log = "[12:00] <ann> hi\n=== ann is now known as Ann_\n[12:01] <Ann_> me again\n[12:02] <ann> someone else";
  expect(script(log)).toEqual([
    "ann join: change",
    "ann post: change",
    "ann post: change",
    "ann~2 join: change",
    "ann~2 post: change",
  ]);
});

test("makePlan() tells nicks apart that differ by case alone", () => {
  expect(script("[12:00] <ann> hi\n[12:00] <Ann> hi")).toContain("Ann join: change");
});

test("makePlan() expects a refusal of what the domain refuses, and replies to no such message", () => {
  const log = `[12:00] <ann> \n[12:00] <ann> ${"x".repeat(4_001)}\n[12:01] <ann> what?`;
  const answers = [
    [0, 2],
    [1, 2],
  ] as const;
  expect(script(log, answers)).toEqual([
    "ann join: change",
    "ann post: TEXT_INVALID",
    "ann post: TEXT_INVALID",
    "ann post: change",
  ]);
});

test("makePlan() replies to the last message that a line answers, by the index of its act", () => {
  const log = "[12:00] <ann> one\n[12:00] <ann> two\n=== ann [h] has left #r\n[12:01] <bob> three";
  expect(
    script(log, [
      [0, 3],
      [1, 3],
      [2, 3],
    ]).at(-1),
  ).toBe("bob post to 2: change");
});

test("makePlan() has nicks share users where there are fewer, and follows who is in by user", () => {
  const log = "[12:00] <ann> one\n[12:00] <bob> two\n[12:00] <cy> three";
  expect(script(log, [], 1)).toEqual(["ann join: change", "ann post: change", "ann post: change", "ann post: change"]);
});
