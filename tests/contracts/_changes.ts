import type {
  ChatroomId,
  Circumstances,
  MessageId,
  RequestId,
  RoomChange,
  RoomChangeDraft,
  UserId,
} from "../../domain/mod.ts";
import { changeKey, chatroomId, placed, requestId, sequence, timestamp, userId } from "../../domain/mod.ts";

export const ROOM = chatroomId("kxQ3r0c8ZpWvT1nB6yHs2A");
/** Differs from {@link ROOM} by case alone. */
export const OTHER_ROOM = chatroomId("kxq3r0c8zpwvt1nb6yhs2a");
/** A room that never was. */
export const NO_ROOM = chatroomId("nobody-ever-made-it");
export const OWNER = userId("owner");
export const AT = timestamp(1_767_225_600_123);

/** The counters that a change carries: what a draft goes on from. */
export type Counters = Pick<Circumstances, "ordinal" | "memberCount">;

const AFTER_CREATION: Counters = { ordinal: 0, memberCount: 1 };

let requests = 0;

/** A request id that no other draft of this run has. */
export function freshRequest(): RequestId {
  return requestId(`r${++requests}`);
}

interface DraftOptions {
  readonly by?: UserId;
  readonly requestId?: RequestId;
  readonly after?: Counters;
}

export function created({ by = OWNER, requestId = freshRequest() }: DraftOptions = {}): RoomChangeDraft {
  const settings = { name: "Sarang", topic: "", capacity: 100 };
  const key = changeKey(requestId, by);
  return { kind: "chatroom_created", ...settings, actorId: by, at: AT, ordinal: 0, memberCount: 1, key };
}

export function posted(
  body = "hello",
  {
    by = OWNER,
    requestId = freshRequest(),
    after = AFTER_CREATION,
    replyTo = null,
  }: DraftOptions & { readonly replyTo?: MessageId | null } = {},
): RoomChangeDraft {
  const { ordinal, memberCount } = after;
  const key = changeKey(requestId, by);
  return {
    kind: "message_posted",
    body,
    replyTo,
    requestId,
    actorId: by,
    at: AT,
    ordinal: ordinal + 1,
    memberCount,
    key,
  };
}

export function joined(
  user: UserId,
  { requestId = freshRequest(), after = AFTER_CREATION }: Omit<DraftOptions, "by"> = {},
): RoomChangeDraft {
  const { ordinal, memberCount } = after;
  const key = changeKey(requestId, user);
  return {
    kind: "member_joined",
    userId: user,
    actorId: user,
    at: AT,
    ordinal,
    memberCount: memberCount + 1,
    key,
  };
}

/** Drafts of messages that follow each other. */
export function posts(bodies: readonly string[], after: Counters = AFTER_CREATION): readonly RoomChangeDraft[] {
  const drafts: RoomChangeDraft[] = [];
  for (const body of bodies) drafts.push(posted(body, { after: drafts.at(-1) ?? after }));
  return drafts;
}

/** The changes that drafts become when they are written at `after` + 1, + 2 … */
export function changesOf(
  drafts: readonly RoomChangeDraft[],
  after = 0,
  room: ChatroomId = ROOM,
): readonly RoomChange[] {
  return drafts.map((draft, index) => placed(draft, room, sequence(after + index + 1)));
}

/** So many texts that differ. */
export function texts(count: number, prefix = "text"): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix} ${index + 1}`);
}
