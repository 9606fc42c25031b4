import type { Connection } from "./connection.ts";
import type { KeepAlive } from "./options.ts";
import { MAX_TIMER_MS, wholeNumber } from "./ranges.ts";

/** Rounds from a ping to the end of a socket that stays quiet. */
const PONG_ROUNDS = 2;

/**
 * Ping quiet sockets and end those that stay quiet, with one timer for all. It counts its own rounds and not the clock:
 * after a stall of the event loop, what peers sent meanwhile is read before anyone is given up.
 *
 * @returns what stops it.
 */
export function startKeepAlive(connections: Iterable<Connection>, keepAlive: KeepAlive): () => void {
  const pingMs = wholeNumber("keepAlive.pingMs", keepAlive.pingMs ?? 30_000, 1, MAX_TIMER_MS);
  const pongWaitMs = wholeNumber("keepAlive.pongWaitMs", keepAlive.pongWaitMs ?? 5_000, 2, MAX_TIMER_MS);
  const roundMs = pongWaitMs / PONG_ROUNDS;
  const pingRounds = Math.ceil(pingMs / roundMs);
  const timer = setInterval(() => {
    for (const connection of connections) {
      const quiet = ++connection.quietRounds;
      if (quiet === pingRounds) connection.socket.send("PING");
      else if (quiet >= pingRounds + PONG_ROUNDS) connection.socket.terminate();
    }
  }, roundMs);
  timer.unref();
  return () => clearInterval(timer);
}
