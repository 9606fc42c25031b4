import { z } from "zod";
import {
  isStorable,
  messageId,
  REQUEST_ID,
  sequence,
  chatroomId as toChatroomId,
  sessionId as toSessionId,
  userId as toUserId,
} from "../../domain/mod.ts";

/** A name that a store may be asked for; what it names is another matter. */
const name = z.string().min(1).max(512).refine(isStorable, "has characters that nothing is named by");

export const chatroomId = name.transform(toChatroomId);
export const userId = name.transform(toUserId);
export const sessionId = name.transform(toSessionId);
export const requestId = z.string().regex(REQUEST_ID, "must be 1 to 64 of A-Z a-z 0-9 _ -");
export const messageIdInput = z.int().min(1).transform(messageId);
export const sequenceInput = z.int().min(0).transform(sequence);

/** A text whose length and characters the domain judges. */
export const text = z.string();
/** A place or cursor, as this server gave it out. */
export const opaque = z.string().max(4_096);
export const limit = z.int().min(1).max(100).default(50);
