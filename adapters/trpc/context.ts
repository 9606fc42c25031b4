import type { Chat, LiveSession } from "../../application/mod.ts";
import type { Timestamp } from "../../domain/mod.ts";

/** What a transport knows of who calls, beside their session. */
export interface Caller {
  /** Where the call comes from, to limit how often; never told to anyone. */
  readonly address: string;
  /** Have a browser keep the token of a session, or forget it (null). Absent where nothing can be kept: on a socket. */
  readonly keepToken?: (token: string | null, expiresAt: Timestamp | null) => void;
}

/** What a procedure has at hand. A bad token makes a context without session, never an error. */
export interface Context {
  readonly chat: Chat;
  readonly session: LiveSession | null;
  readonly caller: Caller;
}
