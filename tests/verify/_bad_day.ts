import { createMemoryStore, MemoryRoomChangeBroker } from "../../adapters/memory/mod.ts";
import type { RoomChangeBroker } from "../../application/mod.ts";
import type { Planted } from "../../tools/verify/own_server.ts";
import { createRandom } from "../../tools/verify/random.ts";

/** How long a fault lasts at most, in milliseconds. */
const LONGEST = 30;

/**
 * All that ports may do by their own word, again and again: announcements that are lost, told twice or late or while
 * the broker is away, reads that lag, projections that are held up, appends of which nobody knows what became.
 */
export function badDay(seed: number): Planted {
  const random = createRandom(seed);
  const store = createMemoryStore({ projection: "later" });
  const { log, messages, directory, memberships, faults } = store;
  const broker = new MemoryRoomChangeBroker();
  const forAWhile = (release: () => void): void => void setTimeout(release, random.between(0, LONGEST));

  const unreliable: RoomChangeBroker = {
    subscribe: (chatroomId, listener) => broker.subscribe(chatroomId, listener),
    publish(chatroomId, changes) {
      if (random.oneIn(10)) broker.faults.loseNext(1);
      if (random.oneIn(10)) broker.faults.repeatNext(2);
      if (random.oneIn(10)) forAWhile(broker.faults.holdNext(2));
      if (random.oneIn(40)) forAWhile(broker.faults.goAway());
      if (random.oneIn(5)) forAWhile(faults.hideNewest(chatroomId, random.between(1, 3)));
      if (random.oneIn(10)) forAWhile(faults.holdProjections(chatroomId));
      if (random.oneIn(20)) forAWhile(faults.loseNextAppend({ written: random.between(0, 2) }));
      broker.publish(chatroomId, changes);
    },
  };
  // The application tells of each append whose outcome it did not know; here that is no fault.
  const ports: Planted["ports"] = (honest) => ({
    ...honest,
    ...{ log, messages, directory, memberships, broker: unreliable, onFault: () => {} },
  });
  return { ports };
}
