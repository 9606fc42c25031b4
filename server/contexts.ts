import type { HttpContextOptions } from "../adapters/http/mod.ts";
import type { Context } from "../adapters/trpc/mod.ts";
import { refusalError } from "../adapters/trpc/mod.ts";
import type { CreateContextOptions } from "../adapters/ws/mod.ts";
import type { Chat } from "../application/mod.ts";
import { closeCodes } from "./close_codes.ts";
import type { SignIn } from "./signing_in.ts";
import type { Slots } from "./slots.ts";

/**
 * How long a socket that is to end stays open, in milliseconds. After the end of its session: so that its subscriptions
 * tell it, and a sign-out over the socket is answered. Where its context is refused: so that the calls which a client
 * sends as soon as it is connected meet the refusal, and not a closed socket.
 */
const FAREWELL = 250;

/** Make the contexts of requests and of sockets. */
export function createContexts(chat: Chat, signIn: SignIn, byUser: Slots) {
  /** Take one more socket or event stream of a user. */
  function takeSlot(userId: string): () => void {
    const leave = byUser.take(userId);
    if (leave === null) throw refusalError({ code: "TOO_MANY_AT_ONCE", what: "sockets", limit: byUser.limit });
    return leave;
  }

  async function ofRequest(asked: HttpContextOptions): Promise<Context> {
    const { address, keepToken, isStream, onEnd } = asked;
    const held = await signIn(asked);
    if (held) {
      onEnd(held.release);
      if (isStream) onEnd(takeSlot(held.session.userId));
    }
    return { chat, session: held?.session ?? null, caller: { address, keepToken } };
  }

  async function ofSocket(asked: CreateContextOptions): Promise<Context> {
    try {
      return await contextOf(asked);
    } catch (cause) {
      await Bun.sleep(FAREWELL);
      throw cause;
    }
  }

  async function contextOf({ info, connectionParams, connection }: CreateContextOptions): Promise<Context> {
    const held = await signIn({ headers: info.headers, connectionParams });
    if (held) {
      const { session, release } = held;
      onAbort(connection.signal, release);
      onAbort(connection.signal, takeSlot(session.userId));
      onAbort(session.ended, () => setTimeout(() => connection.close(...closeCodes.sessionEnded), FAREWELL));
    }
    return { chat, session: held?.session ?? null, caller: { address: info.address ?? "" } };
  }

  return { ofRequest, ofSocket };
}

function onAbort(signal: AbortSignal, run: () => void): void {
  if (signal.aborted) run();
  else signal.addEventListener("abort", run, { once: true });
}
