import { expect, test } from "bun:test";
import type { UserId } from "../../../domain/mod.ts";
import { changeKey, requestId, sequence, sessionId, timestamp, userId } from "../../../domain/mod.ts";
import { AT, created, freshRequest, ROOM } from "../../contracts/_changes.ts";
import { history } from "../../contracts/_history.ts";
import { ODD_USERS } from "../../contracts/_odd_texts.ts";
import { allOf, expectLog, write } from "../../contracts/_room_log_support.ts";
import { withStore } from "./_stores.ts";

/** Well formed, as the domain asks of a host's user ids, and none equal to another. */
const USERS: readonly UserId[] = [
  ...ODD_USERS,
  ...["\u0000", "\u0000\u0000", "a\u0000", "a\u0000b", "a\u0000c", "\\u0000", "\\ud800", '"\\ud800"', "\\\\ud800"].map(
    userId,
  ),
];

test("user ids of a host come back as they are, and are told apart, wherever they stand", async () => {
  await withStore(async ({ log, messages, directory, memberships, sessionStore }) => {
    const room = history();
    const [owner = userId("owner"), ...others] = USERS;
    room.creates(owner);
    for (const user of others) {
      room.joins(user);
      room.posts(user, "here");
    }
    room.leaves(owner, userId("a\u0000b"));
    await write(log, 0, room.drafts);
    await expectLog(log, room.changes);
    expect(new Set((await messages.byOrdinal(ROOM, 1, 1_000)).map(({ authorId }) => authorId))).toEqual(
      new Set(others),
    );
    expect((await directory.get(ROOM))?.ownerId).toBe(userId("a\u0000b"));
    const all = await memberships.get(ROOM, USERS);
    expect(all.map(({ userId }) => userId).toSorted()).toEqual(USERS.toSorted());
    for (const user of USERS) {
      expect((await memberships.get(ROOM, [user])).map(({ userId }) => userId)).toEqual([user]);
      expect(await memberships.ofUser(user)).toHaveLength(user === owner ? 0 : 1);
      await sessionStore.create({ id: sessionId(`of ${user}`), userId: user, createdAt: AT, expiresAt: timestamp(1) });
    }
    for (const user of USERS)
      expect((await sessionStore.ofUser(user)).map(({ id }) => String(id))).toEqual([`of ${user}`]);
    const keys = room.drafts.map(({ key }) => key);
    expect([...(await log.byKeys(ROOM, keys)).keys()].toSorted()).toEqual(keys.toSorted());
  });
});

test("a text that SQLite would alter is refused, and nothing is written", async () => {
  await withStore(async ({ log, sessionStore }) => {
    for (const broken of ["\ud800", "a\udc00b", "\\\ud800", "\udfff\ud800"].map(userId)) {
      const draft = { ...created({ by: broken }), key: changeKey(requestId("r"), userId("kim")) };
      await expect(log.append(ROOM, sequence(0), [draft])).rejects.toThrow("lone surrogate");
      const session = { id: sessionId("s"), userId: broken, createdAt: AT, expiresAt: AT };
      await expect(sessionStore.create(session)).rejects.toThrow("lone surrogate");
    }
    expect(await allOf(log)).toEqual([]);
    const shows = userId("\\ud800");
    const written = await write(log, 0, [created({ by: shows, requestId: freshRequest() })]);
    expect(written[0]?.actorId).toBe(shows);
  });
});
