/** The codes and reasons that sockets are closed with, beside those of `adapters/ws`. */
export const closeCodes = {
  /** The server stops; a client that comes again finds its successor. */
  goingAway: [1001, "Going away"],
  /** The session was revoked, or has expired; a client that comes again is signed out. */
  sessionEnded: [4401, "Session ended"],
} as const satisfies Record<string, readonly [code: number, reason: string]>;
