import type { RoomChange, UserId } from "../../../domain/mod.ts";
import type { Recording } from "../recording.ts";
import { logOf } from "../recording.ts";
import { difference, type Finding, show, sides, type Verdict } from "./verdict.ts";

/** Counted anew from the kinds of the changes alone. */
export const counted: Verdict = {
  name: "counted",
  promise: "every change carries how many messages and members the room has had up to it",
  judge(recording) {
    const inside = new Set<UserId>();
    let ordinal = 0;
    return [...logOf(recording).values()].flatMap((change): readonly Finding[] => {
      if (change.kind === "message_posted") ordinal++;
      countMembers(inside, change);
      const differs = difference(
        { ordinal, memberCount: inside.size },
        { ordinal: change.ordinal, memberCount: change.memberCount },
      );
      return differs ? [{ sequence: change.sequence, who: "the log", ...sides(differs) }] : [];
    });
  },
};

function countMembers(inside: Set<UserId>, change: RoomChange): void {
  if (change.kind === "chatroom_created") inside.add(change.actorId);
  if (change.kind === "member_joined") inside.add(change.userId);
  if (change.kind === "member_left" || change.kind === "member_kicked") inside.delete(change.userId);
}

/** The list of members is a projection: it has to hold who the log says is in. */
export const members: Verdict = {
  name: "members",
  promise: "the room's list of members has whom the log has inside, each once",
  judge(recording: Recording) {
    const place = { sequence: recording.head, who: "the list of members" };
    if (recording.members.kind !== "value") {
      return [{ ...place, expected: "a list", received: show(recording.members) }];
    }
    const inside = new Set<UserId>();
    for (const change of logOf(recording).values()) countMembers(inside, change);
    const listed = recording.members.value;
    const missing = [...inside].find((userId) => !listed.includes(userId));
    const extra = listed.find((userId, index) => !inside.has(userId) || listed.indexOf(userId) !== index);
    if (missing !== undefined) return [{ ...place, expected: missing, received: "a list without them" }];
    return extra === undefined ? [] : [{ ...place, expected: `no ${extra}, or once`, received: extra }];
  },
};
