import type { Chatroom } from "./chatroom.ts";
import { chatroomAfter } from "./chatroom.ts";
import type { Membership } from "./membership.ts";
import { membershipAfter } from "./membership.ts";
import type { Message } from "./message.ts";
import { messageOf } from "./message.ts";
import type { Sequence } from "./place.ts";
import type { RoomChange } from "./room_change.ts";

/** What one member has in view of a room: the room, their own membership and the newest messages. */
export interface RoomWindow {
  readonly chatroom: Chatroom;
  readonly membership: Membership;
  /** The newest messages, oldest first; at most `size`. */
  readonly messages: readonly Message[];
  readonly size: number;
  /** Holds every change up to here, and perhaps effects of later ones. */
  readonly asOf: Sequence;
}

/**
 * The window after a change of its room. Changes come in order; one that the window holds already, wholly or by an
 * effect that the snapshot ran ahead to, alters nothing more. The window got by applying equals a fresh read.
 */
export function applyChange(window: RoomWindow, change: RoomChange): RoomWindow {
  if (change.sequence <= window.asOf) return window;
  return {
    ...window,
    chatroom: chatroomAfter(window.chatroom, change) ?? window.chatroom,
    membership: membershipAfter(window.membership, window.membership.userId, change) ?? window.membership,
    messages: change.kind === "message_posted" ? withMessage(window, messageOf(change)) : window.messages,
    asOf: change.sequence,
  };
}

function withMessage({ messages, size }: RoomWindow, message: Message): readonly Message[] {
  const after = messages.findLastIndex((other) => other.sequence <= message.sequence);
  if (messages[after]?.sequence === message.sequence) return messages;
  return messages.toSpliced(after + 1, 0, message).slice(-size);
}
