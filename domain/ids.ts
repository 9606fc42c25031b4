import type { Brand } from "./_brand.ts";
import type { TextInvalid } from "./refusals.ts";
import { judgeText } from "./text.ts";

/** Who acts. Opaque: a host's user ids may hold any well-formed text of 1 to 128 code points. */
export type UserId = Brand<string, "UserId">;

/** A room, for ever: a hash of who created it and of the request that did. */
export type ChatroomId = Brand<string, "ChatroomId">;

/** A message of a room: the sequence of the change that posted it. Unique within its room. */
export type MessageId = Brand<number, "MessageId">;

/** Names one intention of one author in a room, so that it is carried out once however often it is sent. */
export type RequestId = Brand<string, "RequestId">;

/** Names what a change was caused by; unique in its room's log. See {@link changeKey}. */
export type ChangeKey = Brand<string, "ChangeKey">;

/** A session of a user: whatever the one who authenticates calls it. Not the secret that proves it. */
export type SessionId = Brand<string, "SessionId">;

export const userId = (value: string): UserId => value as UserId;
export const chatroomId = (value: string): ChatroomId => value as ChatroomId;
export const messageId = (value: number): MessageId => value as MessageId;
export const requestId = (value: string): RequestId => value as RequestId;
export const sessionId = (value: string): SessionId => value as SessionId;

/** The form of a request id. */
export const REQUEST_ID: RegExp = /^[A-Za-z0-9_-]{1,64}$/;

/** 1 to 64 of `[A-Za-z0-9_-]`. */
export function judgeRequestId(text: string): TextInvalid | null {
  return judgeText(text, { field: "requestId", min: 1, max: 64, form: REQUEST_ID });
}

/**
 * The key of a user's change. The user stands last, for a host's user ids may contain anything, and a request id no
 * colon: so no two pairs share a key, and none looks like a key of the system (`s:…`).
 */
export function changeKey(request: RequestId, actor: UserId): ChangeKey {
  return `u:${request}:${actor}` as ChangeKey;
}
