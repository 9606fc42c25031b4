import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { RoomChange, RoomWindow } from "../../domain/mod.ts";
import { applyChange } from "../../domain/mod.ts";
import { histories, naiveRoom, USERS, windowOf } from "./_histories.ts";

const owner = USERS[0] as (typeof USERS)[number];
const sizes = fc.integer({ min: 1, max: 8 });
const share = fc.double({ min: 0, max: 1, noNaN: true });

/** The window as of the first `count` changes, of which there is at least one. */
function windowAt(changes: readonly RoomChange[], count: number, size: number): RoomWindow {
  return windowOf(naiveRoom(changes.slice(0, Math.max(1, count))), owner, size);
}

const at = (changes: readonly RoomChange[], part: number): number => Math.max(1, Math.floor(part * changes.length));

describe("applyChange()", () => {
  test("leads from any window to the one that a fresh read returns", () => {
    fc.assert(
      fc.property(histories, share, sizes, (changes, part, size) => {
        const start = at(changes, part);
        const replayed = changes.slice(start).reduce(applyChange, windowAt(changes, start, size));
        expect(replayed).toEqual(windowAt(changes, changes.length, size));
      }),
    );
  });

  test("gives the same window in one go and resumed at any point, with an overlap", () => {
    fc.assert(
      fc.property(histories, share, share, sizes, (changes, part, overlap, size) => {
        const whole = changes.reduce(applyChange, windowAt(changes, 1, size));
        const cut = at(changes, part);
        const before = changes.slice(0, cut).reduce(applyChange, windowAt(changes, 1, size));
        const resumed = changes.slice(Math.floor(overlap * cut)).reduce(applyChange, before);
        expect(resumed).toEqual(whole);
      }),
    );
  });

  test("alters nothing that a snapshot holds already as an effect of later changes", () => {
    fc.assert(
      fc.property(histories, share, share, share, sizes, (changes, part, rows, page, size) => {
        const asOf = at(changes, part);
        const ahead = (share: number) => asOf + Math.round(share * (changes.length - asOf));
        const [withRows, withPage] = [windowAt(changes, ahead(rows), size), windowAt(changes, ahead(page), size)];
        const mixed = { ...withRows, messages: withPage.messages, asOf: windowAt(changes, asOf, size).asOf };
        expect(changes.slice(asOf).reduce(applyChange, mixed)).toEqual(windowAt(changes, changes.length, size));
      }),
    );
  });

  test("does not alter the window it is given", () => {
    fc.assert(
      fc.property(histories, sizes, (changes, size) => {
        const window = windowAt(changes, 1, size);
        const before = structuredClone(window);
        changes.reduce(applyChange, window);
        expect(window).toEqual(before);
      }),
    );
  });
});
