import { Database } from "bun:sqlite";
import { expect, spyOn, test } from "bun:test";
import { MIGRATIONS } from "../../../adapters/sqlite/_migrations.ts";
import { migrate } from "../../../adapters/sqlite/_migrator.ts";
import { Reading } from "../../../adapters/sqlite/_reading.ts";
import { Writer } from "../../../adapters/sqlite/_writer.ts";
import {
  SqliteDirectory,
  SqliteMemberships,
  SqliteMessages,
  SqliteProfiles,
  SqliteRoomLog,
  SqliteSessionStore,
  SqliteUsers,
} from "../../../adapters/sqlite/mod.ts";
import { chatroomId, epoch, messageId, sequence, sessionId, userId } from "../../../domain/mod.ts";
import { created, posts, ROOM, texts } from "../../contracts/_changes.ts";
import { write } from "../../contracts/_room_log_support.ts";
import { withStore } from "./_stores.ts";

/** Every reading part of a store on one connection. What is read needs no writer. */
function parts(connection: Database) {
  const reading = new Reading(connection, "nowhere");
  const writer: Writer = Object.create(Writer.prototype);
  return {
    log: new SqliteRoomLog(reading, writer, epoch("abcd1234")),
    messages: new SqliteMessages(reading),
    directory: new SqliteDirectory(reading, writer),
    memberships: new SqliteMemberships(reading, writer),
    users: new SqliteUsers(reading, writer),
    profiles: new SqliteProfiles(reading),
    sessions: new SqliteSessionStore(reading, writer),
  };
}

async function readEverything(store: ReturnType<typeof parts>): Promise<void> {
  const { log, messages, directory, memberships, users, profiles, sessions } = store;
  const user = userId("someone");
  await log.read(ROOM, sequence(0), 10);
  await log.head(ROOM);
  await log.heads([ROOM]);
  await log.byKeys(ROOM, []);
  await log.ahead(new Map([[ROOM, sequence(0)]]));
  await messages.byOrdinal(ROOM, 1, 50);
  await messages.byIds(ROOM, [messageId(1)]);
  await directory.get(ROOM);
  await directory.byIds([ROOM]);
  await directory.list("", null, 10);
  await directory.list("query", { name: "a", id: chatroomId("b") }, 10);
  await memberships.get(ROOM, [user]);
  await memberships.ofUser(user);
  await memberships.ofChatroom(ROOM, null, 10);
  await users.byId(user);
  await users.byUsername("someone");
  await profiles.byIds([user]);
  await sessions.get(sessionId("session"));
  await sessions.ofUser(user);
}

test("every read finds its rows by an index, in their order, and is prepared once", async () => {
  const connection = new Database(":memory:");
  migrate(connection, MIGRATIONS);
  const { mock } = spyOn(connection, "prepare");
  const store = parts(connection);
  const prepared = mock.calls.map(([sql]) => sql);
  expect(prepared).toHaveLength(19);
  for (let time = 0; time < 2; time++) await readEverything(store);
  expect(mock.calls).toHaveLength(prepared.length);

  for (const sql of prepared) {
    const plan = connection.query<{ detail: string }, []>(`EXPLAIN QUERY PLAN ${sql}`).all();
    const steps = plan.map(({ detail }) => detail);
    // A list of keys is a table of its own, of as many rows as were asked for. A search goes through the names, in the
    // order of their index, from its place on, and tests each.
    const scanned = steps.filter(
      (step) => /\bSCAN\b/.test(step) && !/^SCAN (json_each|asked) VIRTUAL TABLE/.test(step),
    );
    expect({ sql, scanned }).toEqual({ sql, scanned: [] });
    expect({ sql, sorted: steps.filter((step) => /TEMP B-TREE/.test(step)) }).toEqual({ sql, sorted: [] });
    expect({ sql, found: steps.some((step) => /^SEARCH /.test(step)) }).toEqual({ sql, found: true });
  }
});

test("a caller that reads on and on lets others have their turn", async () => {
  await withStore(async ({ log }) => {
    await write(log, 0, [created(), ...posts(texts(500))]);
    let turned = false;
    setImmediate(() => {
      turned = true;
    });
    while (!turned) await log.read(ROOM, sequence(0), 500);
  });
}, 10_000);
