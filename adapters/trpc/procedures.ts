import { initTRPC } from "@trpc/server";
import type { Context } from "./context.ts";
import { chatErrorOf, faultIdOf, refusalError } from "./errors.ts";

/** How often a stream of events shows that it lives, and when a client that hears nothing opens another, in milliseconds. */
const SSE = { ping: { enabled: true, intervalMs: 15_000 }, client: { reconnectAfterInactivityMs: 45_000 } };

const t = initTRPC.context<Context>().create({
  isDev: false,
  sse: SSE,
  errorFormatter({ shape, error }) {
    const faultId = faultIdOf(error);
    const { code, httpStatus, path } = shape.data;
    return {
      ...shape,
      // What was unforeseen may hold anything; the log has it, the caller has its id.
      message: faultId === null ? shape.message : `Unforeseen; the server's log has it under ${faultId}`,
      data: { code, httpStatus, path, chatError: chatErrorOf(error), faultId },
    };
  },
});

export const { router, createCallerFactory } = t;

/** Open to everyone. */
export const open = t.procedure;

/** Open to whoever is signed in. */
export const signedIn = t.procedure.use(({ ctx, next }) => {
  const { session } = ctx;
  if (session === null) throw refusalError({ code: "SIGNED_OUT" });
  if (session.ended.aborted) throw refusalError({ code: "SESSION_ENDED" });
  return next({ ctx: { ...ctx, session } });
});
