import { everywhere } from "./answers.ts";
import type { HttpAppOptions } from "./options.ts";

/** How long a part may take to show that it works, in milliseconds. */
const PATIENCE = 2_000;

type State = "ok" | "failed" | "slow" | "stopping";

/** Answer whether the server can serve, and of each part whether it works. Why one does not is for the log alone. */
export async function readiness({ parts }: Pick<HttpAppOptions<never>, "parts">, stopping: boolean): Promise<Response> {
  const named = Object.entries(parts).map(async ([name, works]) => [name, await stateOf(works)] as const);
  const states: Record<string, State> = {
    server: stopping ? "stopping" : "ok",
    ...Object.fromEntries(await Promise.all(named)),
  };
  const ready = Object.values(states).every((state) => state === "ok");
  return health({ status: ready ? "ready" : "not ready", parts: states }, ready ? 200 : 503);
}

export function health(body: object, status = 200): Response {
  return Response.json(body, { status, headers: { ...everywhere, "cache-control": "no-store" } });
}

async function stateOf(works: () => Promise<unknown>): Promise<State> {
  let timer: Timer | undefined;
  const late = new Promise<State>((resolve) => {
    timer = setTimeout(() => resolve("slow"), PATIENCE);
  });
  const tried = (async () => works())().then(
    (): State => "ok",
    (): State => "failed",
  );
  try {
    return await Promise.race([tried, late]);
  } finally {
    clearTimeout(timer);
  }
}
