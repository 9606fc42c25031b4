import type { ChatError } from "../../domain/mod.ts";
import { judgeBody } from "../../domain/mod.ts";
import type { Answer, LogLine } from "./parse_log.ts";

/** What somebody wants of the room. */
export type Intention =
  | { readonly kind: "join" }
  | { readonly kind: "leave" }
  /** `replyTo` is the index of the act that posts what is answered. */
  | { readonly kind: "post"; readonly body: string; readonly replyTo: number | null };

/** What an act must come to: a change of the room, nothing since all is so already, or a refusal by this code. */
export type Expected = "change" | "nothing" | ChatError["code"];

/** One thing that a user does. Acts of one user are done one after another, so that each knows what it must come to. */
export interface Act {
  readonly index: number;
  /** The line of the log that it is of, counted from 0, or null for what verifying does by itself. */
  readonly line: number | null;
  /** A key of the people; see {@link Plan.users}. */
  readonly user: string;
  readonly intention: Intention;
  readonly expected: Expected;
}

/** The script of a run. */
export interface Plan {
  readonly acts: readonly Act[];
  /** Everyone who acts, by the nick under which they came first. */
  readonly users: readonly string[];
  /** Lines that nobody did anything in, and renames, which alter no room. */
  readonly passedOver: number;
}

export interface PlanOptions {
  /** How many users there are at most; where the log has more nicks, several share a user. */
  readonly users?: number;
}

/**
 * Make the script of a log. Who speaks without having joined joins first. A join of who is in, and a leave of who is
 * not, are acts all the same: they must alter nothing. A text that the domain refuses is posted, and must be refused
 * without a trace. A rename is the same user going on under another nick; a nick that was given up and comes back
 * later is someone new. Where a line answers several, it replies to the last of them that is a message.
 */
export function makePlan(lines: readonly LogLine[], answers: readonly Answer[], options: PlanOptions = {}): Plan {
  const people = createNicks(options.users ?? Number.POSITIVE_INFINITY);
  const answered = new Map<number, number[]>();
  for (const { from, to } of answers) answered.set(to, [...(answered.get(to) ?? []), from]);
  const acts: Act[] = [];
  const inside = new Set<string>();
  const posts = new Map<number, number>();
  let passedOver = 0;

  const add = (line: number, user: string, intention: Intention, expected: Expected): void =>
    void acts.push({ index: acts.length, line, user, intention, expected });

  function join(line: number, user: string): void {
    add(line, user, { kind: "join" }, inside.has(user) ? "nothing" : "change");
    inside.add(user);
  }

  function post(line: number, user: string, body: string): void {
    if (!inside.has(user)) join(line, user);
    const repliedTo = (answered.get(line) ?? []).map((from) => posts.get(from)).filter((act) => act !== undefined);
    const refusal = judgeBody(body);
    if (refusal === null) posts.set(line, acts.length);
    const replyTo = repliedTo.length === 0 ? null : Math.max(...repliedTo);
    add(line, user, { kind: "post", body, replyTo }, refusal?.code ?? "change");
  }

  for (const one of lines) {
    if (one.kind === "said") post(one.line, people.user(one.nick), one.text);
    else if (one.kind === "joined") join(one.line, people.user(one.nick));
    else if (one.kind === "left") {
      const user = people.user(one.nick);
      add(one.line, user, { kind: "leave" }, inside.delete(user) ? "change" : "nothing");
    } else {
      passedOver++;
      if (one.kind === "renamed") people.rename(one.nick, one.to);
    }
  }
  return { acts, users: people.users(), passedOver };
}

interface Nicks {
  user(nick: string): string;
  rename(nick: string, to: string): void;
  users(): readonly string[];
}

/** Who goes by which nick. Nicks that differ by case alone are different ones. */
function createNicks(most: number): Nicks {
  const byNick = new Map<string, string>();
  const all: string[] = [];

  function newUser(nick: string): string {
    if (all.length >= most) return all[Bun.hash.crc32(nick) % all.length] as string;
    let name = nick;
    for (let again = 2; all.includes(name); again++) name = `${nick}~${again}`;
    all.push(name);
    return name;
  }

  function user(nick: string): string {
    const known = byNick.get(nick) ?? newUser(nick);
    byNick.set(nick, known);
    return known;
  }

  return {
    user,
    rename(nick, to) {
      const known = byNick.get(nick);
      byNick.delete(nick);
      // Whoever did nothing yet becomes a user with what they do first.
      if (known === undefined) byNick.delete(to);
      else byNick.set(to, known);
    },
    users: () => all,
  };
}
