import { createTRPCClient, createWSClient, httpBatchLink, httpLink, TRPCClientError, wsLink } from "@trpc/client";
import type { AppRouter } from "../../adapters/trpc/mod.ts";
import type { ChatError } from "../../domain/mod.ts";
import type { Answered } from "./recording.ts";

/** The unmodified client of tRPC, typed by the router. */
export type Client = ReturnType<typeof createTRPCClient<AppRouter>>;

/** Where the interface is, from the address that a server is known by. */
export function endpoint(url: string, protocol: "http" | "ws"): string {
  const { protocol: given, host, pathname } = new URL(url);
  const secure = given === "https:" || given === "wss:" ? "s" : "";
  return `${protocol}${secure}://${host}${pathname === "/" ? "" : pathname.replace(/\/+$/, "")}/trpc`;
}

/** Calls over HTTP, each by itself or those of a tick together. */
export function callingClient(url: string, token: string | null, link: "single" | "batch"): Client {
  const options = {
    url: endpoint(url, "http"),
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
  };
  return createTRPCClient<AppRouter>({ links: [link === "batch" ? httpBatchLink(options) : httpLink(options)] });
}

/** A client over a socket that can be destroyed. */
export interface SocketClient {
  readonly client: Client;
  /** Destroy the socket without a farewell; the client opens another by itself. */
  cut(): void;
  close(): void;
}

export function socketClient(url: string, token: string): SocketClient {
  const open = new Set<Bun.WebSocket>();
  const watched = new Proxy(WebSocket, {
    construct(target, args) {
      const socket: Bun.WebSocket = Reflect.construct(target, args);
      open.add(socket);
      socket.addEventListener("close", () => open.delete(socket));
      return socket;
    },
  });
  const connection = createWSClient({
    url: endpoint(url, "ws"),
    connectionParams: async () => ({ token }),
    WebSocket: watched,
  });
  return {
    client: createTRPCClient<AppRouter>({ links: [wsLink({ client: connection })] }),
    cut() {
      for (const socket of open) socket.terminate();
    },
    // The farewell is the client's own matter: nobody waits for it.
    close: () => void connection.close(),
  };
}

/** How long a call may take, and how long a limit is waited for, in milliseconds. */
const CALL = 30_000;
const LIMITED = 120_000;

/** Calls, and comes again where the answer is to do so: at a limit, or while the server is unavailable or unreachable. */
export interface Caller {
  /** A mutation is to be of one `requestId` each time that it is sent, so that it is carried out once. */
  call<T>(send: (signal: AbortSignal) => Promise<T>): Promise<Answered<T>>;
  /** Whether the server stayed unavailable for as long as was to be waited; from then on nothing is called twice. */
  readonly gaveUp: boolean;
}

/** A caller that comes again to a server which is unavailable for so many milliseconds. */
export function createCaller(patience: number): Caller {
  let gaveUp = false;
  return {
    get gaveUp() {
      return gaveUp;
    },
    async call(send) {
      const begun = performance.now();
      for (let step = 10; ; step = Math.min(2 * step, 1_000)) {
        const answer = await once(send);
        const wait = pauseAfter(answer, step);
        const passed = performance.now() - begun;
        const isLimited = answer.kind === "refused" && answer.error.code === "RATE_LIMITED";
        const over = gaveUp || passed > (isLimited ? LIMITED : patience);
        if (wait !== null && over) gaveUp = true;
        if (wait === null || over) return answer.kind === "unreachable" ? failed(answer.why) : answer;
        await Bun.sleep(wait);
      }
    },
  };
}

type Once<T> = Answered<T> | { readonly kind: "unreachable"; readonly why: string };

async function once<T>(send: (signal: AbortSignal) => Promise<T>): Promise<Once<T>> {
  try {
    return { kind: "value", value: await send(AbortSignal.timeout(CALL)) };
  } catch (error) {
    const { chatError, code, faultId } = tellsOf(error);
    if (chatError) return { kind: "refused", error: chatError };
    const why = error instanceof Error ? error.message : String(error);
    if (code === undefined) return { kind: "unreachable", why };
    return failed(`${code}${faultId ? ` (${faultId})` : ""}: ${why}`);
  }
}

/** How long to wait before calling again, or null if the answer stands. */
function pauseAfter(answer: Once<unknown>, step: number): number | null {
  if (answer.kind === "unreachable") return step;
  if (answer.kind !== "refused") return null;
  const { error } = answer;
  if (error.code === "RATE_LIMITED") return Math.max(error.retryAfter, 1);
  return error.code === "TOO_MANY_AT_ONCE" || error.code === "UNAVAILABLE" ? step : null;
}

/** What an error of a call, or of a subscription, says of itself. */
export function tellsOf(error: unknown): {
  readonly chatError: ChatError | null;
  readonly code: string | undefined;
  readonly faultId: string | null;
} {
  const data = isClientError(error) ? error.data : null;
  return { chatError: data?.chatError ?? null, code: data?.code, faultId: data?.faultId ?? null };
}

function isClientError(error: unknown): error is TRPCClientError<AppRouter> {
  return error instanceof TRPCClientError;
}

function failed(why: string): { readonly kind: "failed"; readonly why: string } {
  return { kind: "failed", why };
}
