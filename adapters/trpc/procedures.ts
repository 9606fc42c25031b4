import { initTRPC } from "@trpc/server";
import type { Context } from "./context.ts";
import { chatErrorOf, faultIdOf, refusalError } from "./errors.ts";

const t = initTRPC.context<Context>().create({
  isDev: false,
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
