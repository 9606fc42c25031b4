import { afterAll, beforeAll, beforeEach, expect } from "bun:test";
import type { ChatError } from "../../domain/mod.ts";
import { type Client, type Refused, refusal, type Served, serve, signUp } from "./_harness.ts";

export let served: Served;
export let ann: Client;
export let bob: Client;
export let annToken: string;
export let room: string;

/** Serve for all tests of a file, and make a room of Ann's for each. */
export function serveForAll(): void {
  beforeAll(async () => {
    served = await serve();
    const [one, two] = [await signUp(served.url, "Ann.Lee"), await signUp(served.url, "bob")];
    [ann, bob, annToken] = [one.client, two.client, one.token];
  });
  afterAll(() => served.server.close());
  beforeEach(async () => {
    room = (await ann.chatrooms.create.mutate({ name: "room" })).id;
    await bob.chatrooms.join.mutate({ chatroomId: room });
  });
}

/** What the room and the directory hold, to see that a refused call left nothing behind. */
export async function kept(): Promise<unknown> {
  return Promise.all([ann.messages.history.query({ chatroomId: room }), ann.chatrooms.list.query({ limit: 100 })]);
}

/** Expect that a call is refused in just this way, alters nothing, and that the server goes on. */
export async function expectRefused(call: () => PromiseLike<unknown>, expected: Refused): Promise<void> {
  const before = await kept();
  expect(await refusal(call())).toEqual(expected);
  expect(await kept()).toEqual(before);
  expect(served.faults).toEqual([]);
  expect(served.log).toEqual([]);
}

export const refused = (code: string, chatError: ChatError | null): Refused => ({ code, chatError });
export const badText = (field: string, reason: string, min: number, max: number) =>
  refused("BAD_REQUEST", { code: "TEXT_INVALID", field, reason, min, max } as ChatError);
export const badInput = (path: string, message: unknown = expect.any(String)) =>
  refused("BAD_REQUEST", { code: "INPUT_INVALID", issues: [{ path, message: message as string }] });
