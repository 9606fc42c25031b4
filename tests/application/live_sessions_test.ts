import { describe, expect, test } from "bun:test";
import { MemoryClock } from "../../adapters/memory/mod.ts";
import { createLiveSessions } from "../../application/mod.ts";
import { sessionId, timestamp } from "../../domain/mod.ts";
import { ANN, BORA, passing, startNode } from "./_chats.ts";

const session = (id: string, userId = ANN) => ({ id: sessionId(id), userId, expiresAt: null });

describe("createLiveSessions()", () => {
  test("remembers for a minute what was revoked while it was being authenticated", async () => {
    const clock = new MemoryClock();
    const live = createLiveSessions(clock);
    const mark = live.mark();
    live.end({ userId: ANN });
    await clock.advance(30_000);
    live.end({ sessionId: sessionId("b") });
    const isEnded = (id: string, userId = ANN): boolean => live.hold(session(id, userId), mark).session.ended.aborted;
    await clock.advance(29_999);
    expect([isEnded("a"), isEnded("b", BORA), isEnded("c", BORA)]).toEqual([true, true, false]);
    await clock.advance(1);
    expect([isEnded("a"), isEnded("b", BORA)]).toEqual([false, true]);
    await clock.advance(30_000);
    expect(isEnded("b", BORA)).toBeFalse();
  });

  test("ends all that is held when it closes, and nothing that was released", () => {
    const live = createLiveSessions(new MemoryClock());
    const held = ["a", "b", "c"].map((id) => live.hold(session(id), live.mark()));
    held[1]?.release();
    live.close();
    expect(held.map((one) => one.session.ended.aborted)).toEqual([true, false, true]);
    expect(live.hold(session("late"), live.mark()).session.ended.aborted).toBeTrue();
  });

  test("lets what was released alone, also when it is revoked or expires", async () => {
    const clock = new MemoryClock();
    const live = createLiveSessions(clock);
    const expiresAt = timestamp(clock.now() + 1_000);
    const held = live.hold({ ...session("a"), expiresAt }, live.mark());
    held.release();
    live.end({ userId: ANN });
    await clock.advance(2_000);
    expect(held.session.ended.aborted).toBeFalse();
  });
});

describe("a chat", () => {
  test("ends the sessions that a host names, all of a user or one, and all when it closes", async () => {
    const node = startNode();
    const { chat } = node;
    const hold = (id: string, userId = ANN) => chat.liveSessions.hold(session(id, userId), chat.liveSessions.mark());
    const held = [hold("a1"), hold("a2"), hold("b1", BORA), hold("b2", BORA)];
    const ended = (): readonly boolean[] => held.map((one) => one.session.ended.aborted);
    chat.revoke({ sessionKey: "b1" });
    expect(ended()).toEqual([false, false, true, false]);
    chat.revoke({ userId: ANN });
    expect(ended()).toEqual([true, true, true, false]);
    await passing(node, chat.close());
    expect(ended()).toEqual([true, true, true, true]);
  });
});
