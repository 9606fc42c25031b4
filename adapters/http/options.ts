import type { AnyTRPCRouter, inferRouterContext, TRPCError } from "@trpc/server";
import type { TRPCRequestInfo } from "@trpc/server/http";
import type { ChatError, Timestamp } from "../../domain/mod.ts";

/** The one who sent a request, as far as proxies that are trusted tell. */
export interface Peer {
  /** An IP address; of IPv6 the network, since a customer has 2⁶⁴ addresses. */
  readonly address: string;
  /** Whether the way from the client on was encrypted. */
  readonly secure: boolean;
}

/** What the context of a request is made of. */
export interface HttpContextOptions {
  readonly headers: Headers;
  /** What the client of a subscription sent in its URL, otherwise null. */
  readonly connectionParams: TRPCRequestInfo["connectionParams"];
  readonly address: string;
  /** Whether the answer is a stream of events, which goes on until someone ends it. */
  readonly isStream: boolean;
  /** Have the browser keep the token of a session as its cookie, or forget it (null). */
  keepToken(token: string | null, expiresAt: Timestamp | null): void;
  /** Have something done once the answer is sent or its reader is gone; at once if that is so already. */
  onEnd(run: () => void): void;
}

/** A request that may become a socket. */
export interface UpgradeOptions {
  readonly request: Request;
  readonly server: Bun.Server<unknown>;
  readonly address: string;
  /** To be called when the socket that came of it has closed. */
  readonly onClose: () => void;
}

/** Bun's options of sockets; their callbacks are Elysia's, which hands events to each socket's `data`. */
export type SocketOptions = Required<
  Pick<
    Bun.WebSocketHandler<unknown>,
    "maxPayloadLength" | "backpressureLimit" | "closeOnBackpressureLimit" | "idleTimeout" | "sendPings"
  >
>;

export interface HttpAppOptions<TRouter extends AnyTRPCRouter> {
  readonly router: TRouter;
  /** Made once for each request, for all calls of its batch. A rejection is answered to each of them. */
  readonly createContext: (options: HttpContextOptions) => Promise<inferRouterContext<TRouter>>;
  /** The error by which the router tells a refusal. */
  readonly refusal: (error: ChatError) => TRPCError;
  /** Told of each error that a call ends with. Must not throw. */
  readonly onError: (error: TRPCError, path: string | undefined) => void;
  /** Make a socket of a request; false when it asks for none. */
  readonly upgrade: (options: UpgradeOptions) => boolean;
  readonly socketOptions: SocketOptions;
  /** Take one more socket or event stream from an address and answer what lets it go, or null if there are too many. */
  readonly admit: (address: string) => (() => void) | null;
  /** How many `admit` allows, to tell who is refused. */
  readonly connectionsPerAddress: number;
  /** Origins whose pages may call, beside the server's own: `https://app.example.com`. */
  readonly origins: readonly string[];
  /** Where clients find this server, if a proxy stands before it; with `https:` every cookie is Secure. */
  readonly publicUrl: string | null;
  /** How many proxies stand before the server: so many entries of `X-Forwarded-For` are trusted, from the right. */
  readonly proxyHops: number;
  /** The most bytes of a body. */
  readonly bodyBytes: number;
  readonly callsPerBatch: number;
  /** What must work for the server to be ready, by name; each resolves if it does. */
  readonly parts: Readonly<Record<string, () => Promise<unknown>>>;
}
