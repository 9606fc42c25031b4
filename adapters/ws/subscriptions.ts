import { isTrackedEnvelope, TRPCError } from "@trpc/server";
import { isObservable, observableToAsyncIterable } from "@trpc/server/observable";
import { answer, answerError, type Caller, report } from "./answers.ts";
import { callProcedure, isAsyncIterable, isCancellation, type ProcedureCall } from "./calls.ts";

const STOPPED = Symbol("stopped");

/** A subscription's life, which may be ended at any moment, whatever it waits for. */
export class Subscription {
  readonly #controller = new AbortController();
  #wake: (() => void) | null = null;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  stop(): void {
    if (this.signal.aborted) return;
    this.#controller.abort();
    this.#wake?.();
  }

  /**
   * Settle as `promise` does, but with `STOPPED` as soon as the subscription is stopped; a rejection after that goes
   * to `onLate`. Unlike a race with one long-lived promise, it leaves nothing behind for each item.
   */
  unlessStopped<T>(promise: Promise<T>, onLate: (cause: unknown) => void): Promise<T | typeof STOPPED> {
    if (this.signal.aborted) {
      promise.catch(onLate);
      return Promise.resolve(STOPPED);
    }
    return new Promise((resolve, reject) => {
      this.#wake = () => resolve(STOPPED);
      promise.then(resolve, (cause) => (this.signal.aborted ? onLate(cause) : reject(cause)));
    });
  }
}

/** Something to iterate, and whether its producer can be made to wait for a slow reader. */
interface Source {
  readonly iterable: AsyncIterable<unknown>;
  readonly waits: boolean;
}

/**
 * Run a subscription to its end and to the end of its clean-up, and answer all of it but the last `stopped`.
 * Never rejects.
 */
export async function runSubscription(caller: Caller, call: ProcedureCall, subscription: Subscription): Promise<void> {
  let source: Source | null;
  try {
    source = await openSource(caller, call, subscription);
  } catch (cause) {
    if (!isCancellation(cause, subscription.signal)) answerError(caller, call, cause);
    return;
  }
  try {
    if (source) await deliver(source, caller, call, subscription);
  } catch (cause) {
    answerError(caller, call, cause);
  }
}

async function openSource(caller: Caller, call: ProcedureCall, subscription: Subscription): Promise<Source | null> {
  const { signal } = subscription;
  const result = await callProcedure(caller, call, signal);
  if (isObservable(result)) {
    return signal.aborted ? null : { iterable: observableToAsyncIterable(result, signal), waits: false };
  }
  if (isAsyncIterable(result)) return { iterable: result, waits: true };
  throw new TRPCError({
    code: "INTERNAL_SERVER_ERROR",
    message: `Subscription ${call.path} did not return an observable or a AsyncGenerator`,
  });
}

/** Hand out a source's items; what it throws is thrown once it is cleaned up. */
async function deliver(source: Source, caller: Caller, call: ProcedureCall, subscription: Subscription): Promise<void> {
  const stopped = subscription.signal.aborted;
  if (!stopped) answer(caller, call, { type: "started" });
  const iterator = source.iterable[Symbol.asyncIterator]();
  try {
    const completed = !stopped && (await pump(source, iterator, caller, call, subscription));
    if (!completed) subscription.stop();
  } catch (cause) {
    // Clean-up may wait for the signal.
    subscription.stop();
    throw cause;
  } finally {
    await dispose(iterator).catch((cause) => report(caller, call, cause));
  }
}

/** Whether the source came to its own end; false when the subscription was stopped. */
async function pump(
  { waits }: Source,
  iterator: AsyncIterator<unknown>,
  caller: Caller,
  call: ProcedureCall,
  subscription: Subscription,
): Promise<boolean> {
  const onLate = (cause: unknown) => {
    if (!isCancellation(cause, subscription.signal)) report(caller, call, cause);
  };
  const { socket } = caller;
  while (!subscription.signal.aborted) {
    const next = await subscription.unlessStopped(iterator.next(), onLate);
    if (next === STOPPED) break;
    if (next.done) return true;
    sendItem(caller, call, next.value);
    // An observable would go on and fill the heap instead of Bun's buffer, which is bounded.
    if (waits && socket.isBehind) await subscription.unlessStopped(socket.drained(), onLate);
  }
  return false;
}

function sendItem(caller: Caller, call: ProcedureCall, item: unknown): void {
  if (isTrackedEnvelope(item)) {
    const [id, data] = item;
    answer(caller, call, { type: "data", data: { id, data }, id });
  } else {
    answer(caller, call, { type: "data", data: item });
  }
}

async function dispose(iterator: AsyncIterator<unknown> & Partial<AsyncDisposable>): Promise<void> {
  if (iterator[Symbol.asyncDispose]) await iterator[Symbol.asyncDispose]?.();
  else await iterator.return?.();
}
