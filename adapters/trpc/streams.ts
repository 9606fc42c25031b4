import type { LiveSession } from "../../application/mod.ts";
import type { ChatError } from "../../domain/mod.ts";
import { refusalError } from "./errors.ts";

/** Aborts when the subscription is stopped, its connection ends, or the session does. */
export function untilOver({ ended }: LiveSession, signal: AbortSignal | undefined): AbortSignal {
  return signal ? AbortSignal.any([signal, ended]) : ended;
}

/** Hand on what a use-case yields; that it ended by itself, or that the session did, is told as a typed error. */
export async function* relay<T>(
  source: AsyncGenerator<T, ChatError | undefined>,
  { ended }: LiveSession,
): AsyncGenerator<T, void> {
  try {
    for (let step = await source.next(); ; step = await source.next()) {
      if (!step.done) yield step.value;
      else if (step.value) throw refusalError(step.value);
      else if (ended.aborted) throw refusalError({ code: "SESSION_ENDED" });
      else return;
    }
  } finally {
    await source.return(undefined);
  }
}
