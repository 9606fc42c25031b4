import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Epoch, Place, RoomEvent, RoomObserver } from "../../domain/mod.ts";
import { epoch, observe, sequence } from "../../domain/mod.ts";
import { histories } from "./_histories.ts";

const life = epoch("abcd0123");
const place = (value: number, of: Epoch = life): Place => ({ epoch: of, sequence: sequence(value) });
const cursor: RoomEvent = { kind: "cursor" };

function observerAt(value: number): RoomObserver {
  return { place: place(value) };
}

describe("observe()", () => {
  test("accepts every legal history from any place on", () => {
    fc.assert(
      fc.property(histories, fc.nat(20), (changes, skip) => {
        let observer = observerAt(Math.min(skip, changes.length));
        for (const change of changes.slice(Math.min(skip, changes.length))) {
          const observed = observe(observer, place(change.sequence), change);
          expect(observed.ok).toBeTrue();
          if (observed.ok) observer = observed.value;
        }
        expect(observer.place?.sequence).toBe(sequence(changes.length));
      }),
    );
  });

  test("never accepts a hole or a double, whatever comes in whatever order", () => {
    fc.assert(
      fc.property(histories, fc.array(fc.nat(30)), (changes, order) => {
        let observer = observerAt(0);
        const accepted: number[] = [];
        for (const index of order) {
          const change = changes[index % changes.length];
          if (!change) continue;
          const observed = observe(observer, place(change.sequence), change);
          if (!observed.ok) continue;
          observer = observed.value;
          accepted.push(change.sequence);
        }
        expect(accepted).toEqual(accepted.map((_, index) => index + 1));
      }),
    );
  });

  test("names what does not follow", () => {
    const [first] = fc.sample(histories, { numRuns: 1, seed: 1 })[0] ?? [];
    if (!first) throw new Error("a history begins with a change");
    const refusal = (at: Place, event: RoomEvent = first) => observe(observerAt(4), at, event);
    const order = (code: string, expected: number, received: number) => ({
      ok: false,
      error: { code, expected, received },
    });
    expect<unknown>(refusal(place(6))).toEqual(order("HOLE", 5, 6));
    expect<unknown>(refusal(place(4))).toEqual(order("DOUBLE", 5, 4));
    expect<unknown>(refusal(place(5, epoch("zzzz9999")))).toEqual(order("OTHER_EPOCH", 5, 5));
    expect<unknown>(refusal(place(5), cursor)).toEqual(order("HOLE", 4, 5));
    expect(refusal(place(4), cursor).ok).toBeTrue();
  });

  test("takes the place of a reset, also in another epoch", () => {
    const elsewhere = place(2, epoch("zzzz9999"));
    expect(observe(observerAt(9), elsewhere, { kind: "reset", reason: "epoch" })).toEqual({
      ok: true,
      value: { place: elsewhere },
    });
  });
});
