import { expect } from "bun:test";
import type { RoomChangeBroker } from "../../application/mod.ts";
import type { ChatroomId, RoomChange } from "../../domain/mod.ts";
import { collect } from "./_awaiting.ts";
import { changesOf, created, OTHER_ROOM, OWNER, posts, ROOM, texts } from "./_changes.ts";
import { fullHistory, history } from "./_history.ts";
import { ODD_TEXTS, ODD_USERS } from "./_odd_texts.ts";
import type { Case, Proofs, Setup } from "./_setup.ts";
import { casesOf, register } from "./_setup.ts";

/**
 * What a broker does as long as nothing fails. It may lose, repeat and reorder announcements, so nobody may rely on
 * more; but one that does so by itself, here, is of no use.
 */
export function roomChangeBrokerCases(setup: Setup<RoomChangeBroker>): readonly Case[] {
  return casesOf(setup, proofs);
}

export function testRoomChangeBroker(setup: Setup<RoomChangeBroker>): void {
  register(roomChangeBrokerCases(setup));
}

/** Listen, and collect what is announced. */
async function listen(broker: RoomChangeBroker, room: ChatroomId = ROOM) {
  const announced = collect<RoomChange>();
  const stop = await broker.subscribe(room, { announced: announced.add, interrupted: () => {} });
  return { announced, stop };
}

const bySequence = (changes: readonly RoomChange[]) => changes.toSorted((a, b) => a.sequence - b.sequence);

const proofs: Proofs<RoomChangeBroker> = {
  "publish() announces changes of every kind to whoever listens to the room": async (broker) => {
    const { changes } = fullHistory();
    const listeners = await Promise.all([listen(broker), listen(broker), listen(broker)]);
    broker.publish(ROOM, changes);
    for (const { announced } of listeners) {
      expect(bySequence(await announced.until(changes.length))).toStrictEqual([...changes]);
    }
  },

  "publish() announces every text and user as they were written": async (broker) => {
    const room = history();
    room.creates(OWNER);
    for (const body of ODD_TEXTS) room.posts(OWNER, body);
    for (const user of ODD_USERS) room.joins(user);
    const { announced } = await listen(broker);
    for (const change of room.changes) broker.publish(ROOM, [change]);
    expect(bySequence(await announced.until(room.changes.length))).toStrictEqual([...room.changes]);
  },

  "publish() announces nothing to who listens to another room": async (broker) => {
    const [here, there] = [fullHistory(ROOM).changes, fullHistory(OTHER_ROOM).changes];
    const [one, other] = [await listen(broker, ROOM), await listen(broker, OTHER_ROOM)];
    broker.publish(ROOM, here);
    broker.publish(OTHER_ROOM, there);
    expect(bySequence(await other.announced.until(there.length))).toStrictEqual([...there]);
    expect(bySequence(await one.announced.until(here.length))).toStrictEqual([...here]);
  },

  "publish() answers nothing and fails never, listened to or not": async (broker) => {
    const changes = changesOf([created(), ...posts(texts(3))]);
    expect(broker.publish(ROOM, changes)).toBeUndefined();
    expect(broker.publish(ROOM, [])).toBeUndefined();
    const { announced } = await listen(broker);
    broker.publish(ROOM, changes.slice(3));
    expect((await announced.until(1)).at(-1)).toStrictEqual(changes[3] as RoomChange);
  },

  "subscribe() listens from when it is answered, also to a room that others have left": async (broker) => {
    const changes = changesOf([created(), ...posts(texts(3))]);
    for (const change of changes) {
      const { announced, stop } = await listen(broker);
      broker.publish(ROOM, [change]);
      expect(await announced.until(1)).toStrictEqual([change]);
      stop();
    }
  },

  "subscribe() listens until the answered function is called": async (broker) => {
    const changes = changesOf([created(), ...posts(texts(3))]);
    const [leaving, staying] = [await listen(broker), await listen(broker)];
    broker.publish(ROOM, changes.slice(0, 2));
    await Promise.all([leaving.announced.until(2), staying.announced.until(2)]);
    leaving.stop();
    leaving.stop();
    broker.publish(ROOM, changes.slice(2));
    await staying.announced.until(4);
    expect(leaving.announced.items).toHaveLength(2);
  },

  "subscribe() of one listener twice ends once for each": async (broker) => {
    const changes = changesOf([created(), ...posts(texts(3))]);
    const announced = collect<RoomChange>();
    const listener = { announced: announced.add, interrupted: () => {} };
    const [first] = [await broker.subscribe(ROOM, listener), await broker.subscribe(ROOM, listener)];
    first();
    broker.publish(ROOM, changes.slice(0, 1));
    expect((await announced.until(1)).at(-1)).toStrictEqual(changes[0] as RoomChange);
  },

  "subscribe() may be ended, and begun, by a listener that is being told": async (broker) => {
    const changes = changesOf([created(), ...posts(texts(3))]);
    const [once, later] = [collect<RoomChange>(), collect<RoomChange>()];
    const begun = Promise.withResolvers<void>();
    const stop = await broker.subscribe(ROOM, {
      announced(change) {
        once.add(change);
        stop();
        broker.subscribe(ROOM, { announced: later.add, interrupted: () => {} }).then(() => begun.resolve());
      },
      interrupted() {},
    });
    broker.publish(ROOM, changes.slice(0, 1));
    await begun.promise;
    broker.publish(ROOM, changes.slice(1, 2));
    expect((await later.until(1)).at(-1)).toStrictEqual(changes[1] as RoomChange);
    expect(once.items).toStrictEqual(changes.slice(0, 1));
  },
};
