/** The codes and reasons that this handler closes sockets with. */
export const closeCodes = {
  /** `createContext` refused the client, or its connection params were malformed. */
  contextRefused: [1008, "Context refused"],
  /** `createContext` failed. */
  contextFailed: [1011, "Context failed"],
  /** The server stops; a client that comes again finds its successor. */
  restart: [1012, "Service restart"],
  /** The client announced connection params and did not send them in time. */
  connectionParamsTimeout: [4408, "Connection params timeout"],
} as const satisfies Record<string, readonly [code: number, reason: string]>;
