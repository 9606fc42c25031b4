import type { Chat, ChatPorts } from "../../application/mod.ts";
import type { ChangeKey, RoomChange, RoomChangeDraft, Sequence } from "../../domain/mod.ts";
import { placed, sequence } from "../../domain/mod.ts";
import type { Planted } from "../../tools/verify/own_server.ts";

/** The place in the short log where faults strike; a post. */
export const PLACE: Sequence = sequence(40);

/** Like `target`, but for some of its methods. */
function instead<T extends object>(target: T, methods: Partial<T>): T {
  return new Proxy(target, {
    get(_, key) {
      const value: unknown = Reflect.get(key in methods ? methods : target, key);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** Alter what the first follower that gets to {@link PLACE} is told; everyone else is told the truth. */
function toOneFollower(alter: (told: AsyncIterable<RoomChange>) => AsyncGenerator<RoomChange, void>): Planted {
  let struck = false;
  const chat = (honest: Chat): Chat => {
    const follow: Chat["feeds"]["follow"] = async function* (chatroomId, after, signal) {
      const changes = honest.feeds.follow(chatroomId, after, signal);
      for await (const change of changes) {
        if (change.kind === "damage" || change.sequence !== PLACE || struck) yield change;
        else {
          struck = true;
          yield* alter(from(change, changes as AsyncGenerator<RoomChange, void>));
          return;
        }
      }
    };
    return { ...honest, feeds: { ...honest.feeds, follow } };
  };
  return { chat };
}

async function* from(first: RoomChange, rest: AsyncIterable<RoomChange>): AsyncGenerator<RoomChange, void> {
  yield first;
  yield* rest;
}

export const lostChange: Planted = toOneFollower(async function* (told) {
  for await (const change of told) if (change.sequence !== PLACE) yield change;
});

export const toldTwice: Planted = toOneFollower(async function* (told) {
  for await (const change of told) {
    yield change;
    if (change.sequence === PLACE) yield change;
  }
});

export const swapped: Planted = toOneFollower(async function* (told) {
  let held: RoomChange | null = null;
  for await (const change of told) {
    if (change.sequence === PLACE) held = change;
    else yield change;
    if (held && change.sequence > PLACE) {
      yield held;
      held = null;
    }
  }
});

export const toldOtherwise: Planted = toOneFollower(async function* (told) {
  for await (const change of told) {
    yield change.sequence === PLACE ? { ...change, memberCount: change.memberCount + 1 } : change;
  }
});

/** The follower is never told anything again, and not ended either. */
export const fallenSilent: Planted = toOneFollower(async function* (told) {
  for await (const change of told) if (change.sequence < PLACE) yield change;
});

/** Changes are announced when they are about to be written, and written once somebody has read what is there. */
export function earlyAnnouncement(): Planted {
  let read = Promise.withResolvers<void>();
  const ports = (honest: ChatPorts): ChatPorts => ({
    ...honest,
    log: instead(honest.log, {
      async head(chatroomId) {
        const head = await honest.log.head(chatroomId);
        read.resolve();
        return head;
      },
      async append(chatroomId, after, drafts) {
        read = Promise.withResolvers<void>();
        // What was written already is not written again, and must not be announced as if it were.
        const known = await honest.log.byKeys(
          chatroomId,
          drafts.map(({ key }) => key),
        );
        // Nor does anybody observe a room that is yet to be created.
        if (known.size > 0 || after === 0) return honest.log.append(chatroomId, after, drafts);
        const early = drafts.map((draft, index) => placed(draft, chatroomId, sequence(after + 1 + index)));
        honest.broker.publish(chatroomId, early);
        await Promise.race([read.promise, Bun.sleep(2_000)]);
        return honest.log.append(chatroomId, after, drafts);
      },
    }),
  });
  return { ports };
}

/** Alter drafts on their way into the log; whoever wrote them is told that they are as they were. */
function otherwiseWritten(alter: (draft: RoomChangeDraft, place: Sequence) => RoomChangeDraft): Planted {
  const ports = (honest: ChatPorts): ChatPorts => ({
    ...honest,
    log: instead(honest.log, {
      async append(chatroomId, after, drafts) {
        const altered = drafts.map((draft, index) => alter(draft, sequence(after + 1 + index)));
        const { written, refused } = await honest.log.append(chatroomId, after, altered);
        honest.broker.publish(chatroomId, written);
        const asAsked = written.map((_, index) => draftAt(drafts, index));
        return {
          written: asAsked.map((draft, index) => placed(draft, chatroomId, sequence(after + 1 + index))),
          refused,
        };
      },
    }),
    // The writer's own announcement, of what was asked for, must not hide what was written.
    broker: instead(honest.broker, { publish() {} }),
  });
  return { ports };
}

function draftAt(drafts: readonly RoomChangeDraft[], index: number): RoomChangeDraft {
  const draft = drafts[index];
  if (draft === undefined) throw new Error(`more was written than was asked for: ${index + 1}`);
  return draft;
}

export const lostText: Planted = otherwiseWritten((draft, place) =>
  place === PLACE && draft.kind === "message_posted" ? { ...draft, body: draft.body.slice(0, -1) } : draft,
);

export const miscounted: Planted = otherwiseWritten((draft, place) =>
  place === PLACE ? { ...draft, memberCount: draft.memberCount + 1 } : draft,
);

/** A post is written twice, the second time under another key, and its author is told of the first. */
export function writtenTwice(): Planted {
  const ports = (honest: ChatPorts): ChatPorts => ({
    ...honest,
    log: instead(honest.log, {
      async append(chatroomId, after, drafts) {
        const [draft] = drafts;
        const appended = await honest.log.append(chatroomId, after, drafts);
        if (after + 1 > PLACE || after + drafts.length < PLACE || draft === undefined) return appended;
        const last = draftAt(drafts, drafts.length - 1);
        const again = { ...last, ordinal: last.ordinal + 1, key: `${last.key} again` as ChangeKey };
        await honest.log.append(chatroomId, sequence(after + drafts.length), [again]);
        return appended;
      },
    }),
  });
  return { ports };
}

/** Request ids are forgotten, so that what is sent again is done again. */
export function forgottenRequests(): Planted {
  let appends = 0;
  const ports = (honest: ChatPorts): ChatPorts => ({
    ...honest,
    log: instead(honest.log, {
      byKeys: async () => new Map(),
      async append(chatroomId, after, drafts) {
        appends++;
        const renamed = drafts.map((draft, index) => ({
          ...draft,
          key: `${draft.key} ${appends}.${index}` as ChangeKey,
        }));
        return honest.log.append(chatroomId, after, renamed);
      },
    }),
  });
  return { ports };
}

/** The page at hand says that it holds the last message, and does not. */
export const mixedPage: Planted = {
  ports: (honest) => ({
    ...honest,
    recentPage: instead(honest.recentPage, {
      async get(chatroomId) {
        const page = await honest.recentPage.get(chatroomId);
        return page && page.asOf >= PLACE ? { ...page, messages: page.messages.slice(0, -1) } : page;
      },
    }),
  }),
};

/** Older pages come in another order. */
export const swappedMessages: Planted = {
  ports: (honest) => ({
    ...honest,
    messages: instead(honest.messages, {
      async byOrdinal(chatroomId, from, to) {
        const messages = await honest.messages.byOrdinal(chatroomId, from, to);
        const [first, second, ...rest] = messages;
        return first && second && second.sequence <= PLACE ? [second, first, ...rest] : messages;
      },
    }),
  }),
};

/** One member is missing from the list. */
export const lostMember: Planted = {
  ports: (honest) => ({
    ...honest,
    memberships: instead(honest.memberships, {
      ofChatroom: async (chatroomId, after, limit) =>
        (await honest.memberships.ofChatroom(chatroomId, after, limit)).filter(({ userId }) => userId !== "carl_"),
    }),
  }),
};
