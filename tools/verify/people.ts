import type { UserId } from "../../domain/mod.ts";
import { callingClient, createCaller } from "./clients.ts";
import { UsageError } from "./usage.ts";

/** Somebody who can act: a user of the server, and the token that proves it. */
export interface Person {
  readonly userId: UserId;
  readonly token: string;
}

/** Where the users of a run come from. */
export interface People {
  /** How many there are at most, the staff of a run included; infinite where they are made as they are needed. */
  readonly most: number;
  /** Answers one person for each name, no two the same. */
  enroll(names: readonly string[]): Promise<ReadonlyMap<string, Person>>;
}

/** How long a server that is not to be reached is tried for, in milliseconds. */
const PATIENCE = 5_000;

/** Accounts of the server's own, new for this run: a random name that is unique, the nick as the name that is shown. */
export function newAccounts(url: string, most: number): People {
  const client = callingClient(url, null, "single");
  const { call } = createCaller(PATIENCE);
  const run = randomName();

  async function signUp(name: string, index: number): Promise<readonly [string, Person]> {
    const account = {
      username: `v${run}.${index}`,
      password: randomName() + randomName(),
      displayName: [...name].slice(0, 64).join(""),
    };
    const answer = await call((signal) => client.auth.signUp.mutate(account, { signal }));
    if (answer.kind !== "value") {
      throw new UsageError(
        `The server does not let new users sign up (${answer.kind === "refused" ? answer.error.code : answer.why}). ` +
          "Give tokens of users that it has: --tokens FILE",
      );
    }
    return [name, { userId: answer.value.user.id, token: answer.value.token }];
  }

  return {
    most,
    async enroll(names) {
      const people: (readonly [string, Person])[] = [];
      // One by one: each costs the server a password hash, and no more than a few are made at once anyway.
      for (const [index, name] of names.entries()) people.push(await signUp(name, index));
      return new Map(people);
    },
  };
}

/** A user of a file of tokens; `nick` where the file names who it is for. */
export interface KnownToken {
  readonly nick: string | null;
  readonly token: string;
}

/**
 * Read tokens: lines of `nick<TAB>token` or of a token alone, or JSON: an object of tokens by nick, or an array of
 * tokens. Whoever is not named by a nick of the log is taken as they come.
 */
export function parseTokens(text: string): readonly KnownToken[] {
  const tokens = /^\s*[[{]/.test(text) ? jsonTokens(text) : lineTokens(text);
  if (tokens === null || tokens.length === 0) {
    throw new UsageError(
      "The file of --tokens has lines `nick<TAB>token` or `token`, or is JSON: {nick: token} or [token]",
    );
  }
  return tokens;
}

function lineTokens(text: string): readonly KnownToken[] {
  return text.split(/\r?\n/).flatMap((line) => {
    if (line.trim() === "") return [];
    const [first = "", second] = line.split("\t");
    return [second === undefined ? { nick: null, token: first.trim() } : { nick: first, token: second.trim() }];
  });
}

function jsonTokens(text: string): readonly KnownToken[] | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const entries: readonly (readonly [string | null, unknown])[] = Array.isArray(value)
    ? value.map((token) => [null, token] as const)
    : Object.entries(value as object);
  const tokens = entries.flatMap(([nick, token]) => (typeof token === "string" ? [{ nick, token }] : []));
  return tokens.length === entries.length ? tokens : null;
}

/** Users that the server has already, by their tokens. */
export function knownPeople(url: string, tokens: readonly KnownToken[]): People {
  const { call } = createCaller(PATIENCE);

  async function personOf({ token }: KnownToken): Promise<Person> {
    const client = callingClient(url, token, "single");
    const answer = await call((signal) => client.auth.me.query(undefined, { signal }));
    if (answer.kind === "value") return { userId: answer.value.id, token };
    const why = answer.kind === "refused" ? answer.error.code : answer.why;
    throw new UsageError(`The server does not know a token of --tokens (${why}): give tokens that it accepts`);
  }

  return {
    most: tokens.length,
    async enroll(names) {
      const named = new Map(tokens.flatMap((one) => (one.nick !== null ? [[one.nick, one] as const] : [])));
      const spare = tokens.filter(({ nick }) => nick === null || !names.includes(nick));
      const chosen = names.map((name) => [name, named.get(name) ?? spare.shift()] as const);
      const people = new Map<string, Person>();
      for (const [name, token] of chosen) {
        if (token === undefined) throw new UsageError(`--tokens has too few users: ${names.length} are needed`);
        people.set(name, await personOf(token));
      }
      if (new Set([...people.values()].map(({ userId }) => userId)).size < people.size) {
        throw new UsageError("--tokens has two tokens of one user: give one for each");
      }
      return people;
    },
  };
}

/** A name that nobody else has. */
export function randomName(): string {
  return crypto.getRandomValues(new Uint8Array(8)).toHex();
}
