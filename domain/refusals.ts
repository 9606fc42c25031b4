import type { ChatroomId, MessageId, RequestId, UserId } from "./ids.ts";
import type { Role } from "./membership.ts";
import type { Sequence } from "./place.ts";

/** A text does not fit its field; `min` and `max` are the allowed lengths in code points. */
export interface TextInvalid {
  readonly code: "TEXT_INVALID";
  readonly field: "username" | "password" | "displayName" | "name" | "topic" | "body" | "query" | "requestId";
  /** `characters`: a lone surrogate, a NUL, or what the field's form excludes. `blank`: nothing that shows. */
  readonly reason: "blank" | "too_short" | "too_long" | "characters";
  readonly min: number;
  readonly max: number;
}

/** A capacity is not a whole number from `min` to `max`. */
export interface CapacityInvalid {
  readonly code: "CAPACITY_INVALID";
  readonly min: number;
  readonly max: number;
}

/** No room has this id, or none that the user may know of. */
export interface ChatroomMissing {
  readonly code: "CHATROOM_MISSING";
  readonly chatroomId: ChatroomId;
}

/** The room was deleted; told to those who were members. */
export interface ChatroomDeletedRefusal {
  readonly code: "CHATROOM_DELETED";
  readonly chatroomId: ChatroomId;
}

/** The room is full, so nobody else can join it. */
export interface ChatroomFull {
  readonly code: "CHATROOM_FULL";
  readonly capacity: number;
}

/** Reading, observing and posting need membership: join first. */
export interface NotAMember {
  readonly code: "NOT_A_MEMBER";
  readonly chatroomId: ChatroomId;
}

/** The membership ended at `sequence`; nothing later is told. */
export interface MembershipEnded {
  readonly code: "MEMBERSHIP_ENDED";
  readonly reason: "left" | "kicked";
  readonly sequence: Sequence;
}

/** One of `needed` may do this, or someone of a higher role than the member it is done to. */
export interface RoleTooLow {
  readonly code: "ROLE_TOO_LOW";
  readonly role: Role;
  readonly needed: readonly Role[];
}

/** The user that the command is about is not a member of the room. */
export interface MemberMissing {
  readonly code: "MEMBER_MISSING";
  readonly userId: UserId;
}

/** A room has an owner until it is deleted: name another member as `successorId`, or delete the room. */
export interface SuccessorNeeded {
  readonly code: "SUCCESSOR_NEEDED";
  readonly memberCount: number;
}

/** The room has no such message. */
export interface MessageMissing {
  readonly code: "MESSAGE_MISSING";
  readonly messageId: MessageId;
}

/** The `requestId` stands for something else already; take a new one for a new intention. */
export interface RequestReused {
  readonly code: "REQUEST_REUSED";
  readonly requestId: RequestId;
}

/** What deciding a command can answer instead of a change. */
export type RoomRefusal =
  | TextInvalid
  | CapacityInvalid
  | ChatroomMissing
  | ChatroomDeletedRefusal
  | ChatroomFull
  | NotAMember
  | MembershipEnded
  | RoleTooLow
  | MemberMissing
  | SuccessorNeeded
  | MessageMissing
  | RequestReused;

/** The input is not of the procedure's shape; each issue names where and why. */
export interface InputInvalid {
  readonly code: "INPUT_INVALID";
  readonly issues: readonly { readonly path: string; readonly message: string }[];
}

/** The place or cursor is not one that this server gave out. */
export interface PlaceInvalid {
  readonly code: "PLACE_INVALID";
  readonly field: "lastEventId" | "atLeast" | "cursor";
}

/** Sign in first: there is no session, or it has expired or was revoked. */
export interface SignedOut {
  readonly code: "SIGNED_OUT";
}

/** The session of this subscription ended: sign in again. */
export interface SessionEnded {
  readonly code: "SESSION_ENDED";
}

/** Someone has this username, or one that differs by case or Unicode form alone. */
export interface UsernameTaken {
  readonly code: "USERNAME_TAKEN";
  readonly username: string;
}

/** The username or the password is wrong; which of the two is not told. */
export interface CredentialsWrong {
  readonly code: "CREDENTIALS_WRONG";
}

/** Users sign in with the host that this chat is attached to, not here. */
export interface AccountsElsewhere {
  readonly code: "ACCOUNTS_ELSEWHERE";
}

/** No session of the user has this id. */
export interface SessionMissing {
  readonly code: "SESSION_MISSING";
}

/** Too often; try again after so many milliseconds. */
export interface RateLimited {
  readonly code: "RATE_LIMITED";
  readonly retryAfter: number;
}

/** Too many at once; `limit` are allowed. Wait for some to end. */
export interface TooManyAtOnce {
  readonly code: "TOO_MANY_AT_ONCE";
  readonly what: "subscriptions" | "calls" | "batch" | "password_hashes" | "sockets";
  readonly limit: number;
}

/** A page of browsers at this origin is not allowed to call; the operator allows origins. */
export interface OriginForbidden {
  readonly code: "ORIGIN_FORBIDDEN";
  readonly origin: string;
}

/**
 * Not now. With `outcome: "unknown"` the command may have been, or may yet be, carried out: repeat it with the same
 * `requestId` and learn.
 */
export interface Unavailable {
  readonly code: "UNAVAILABLE";
  readonly outcome: "none" | "unknown";
}

/** Every refusal that a client can meet; it is at `error.data.chatError`. */
export type ChatError =
  | RoomRefusal
  | InputInvalid
  | PlaceInvalid
  | SignedOut
  | SessionEnded
  | UsernameTaken
  | CredentialsWrong
  | AccountsElsewhere
  | SessionMissing
  | RateLimited
  | TooManyAtOnce
  | OriginForbidden
  | Unavailable;
