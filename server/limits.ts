/** What one client may ask of the server. Each is a whole number, at least 1. */
export interface ServerLimits {
  /** Bytes of a frame of a socket, and of the body of a request. */
  readonly frameBytes: number;
  /** Bytes that wait for a slow reader before its socket is closed; it comes back and resumes. */
  readonly bufferedBytes: number;
  /** Sockets and event streams from one address at one time. */
  readonly socketsPerAddress: number;
  /** Sockets and event streams of one user at one time. */
  readonly socketsPerUser: number;
  /** Subscriptions on one socket at one time. */
  readonly subscriptionsPerSocket: number;
  /** Queries and mutations on one socket that are not answered yet. */
  readonly callsPerSocket: number;
  /** Queries and mutations in one HTTP request. */
  readonly callsPerBatch: number;
}

export const serverLimits: ServerLimits = {
  frameBytes: 128 * 1024,
  bufferedBytes: 4 * 1024 * 1024,
  socketsPerAddress: 100,
  socketsPerUser: 50,
  subscriptionsPerSocket: 100,
  callsPerSocket: 100,
  callsPerBatch: 50,
};
