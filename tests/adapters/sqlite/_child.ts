/**
 * A process that opens the store of a folder and does what it is told: `hold` it open, `append` to rooms of the given
 * prefix for ever, or write `one` change after another for each line of its input. It prints a line for all that it has
 * been answered.
 */
import { writeSync } from "node:fs";
import { openSqliteStore, type SqliteStore } from "../../../adapters/sqlite/mod.ts";
import type { ChatroomId } from "../../../domain/mod.ts";
import { chatroomId, sequence, userId } from "../../../domain/mod.ts";
import { created, posted, ROOM } from "../../contracts/_changes.ts";
import { history } from "../../contracts/_history.ts";

const OWNER = userId("owner");

function say(line: string): void {
  writeSync(1, `${line}\n`);
}

/** Append for ever to one room, a few changes at a time, so that most appends alter its rows as well. */
async function appendTo(store: SqliteStore, room: ChatroomId): Promise<never> {
  const { drafts, creates, joins, posts, leaves, kicks } = history(room);
  creates(OWNER, { capacity: 100_000 });
  for (let round = 0, after = 0; ; round++) {
    const guest = userId(`guest ${round % 7}`);
    joins(guest);
    for (let post = 0; post < round % 4; post++) posts(guest, `${round}.${post}`);
    if (round % 2 === 0) leaves(guest);
    else kicks(OWNER, guest);
    const { written, refused } = await store.log.append(room, sequence(after), drafts.slice(after));
    if (refused !== null) throw new Error(`refused: ${JSON.stringify(refused)}`);
    after += written.length;
    say(`${room} ${after}`);
  }
}

async function writeOneByOne({ log }: SqliteStore): Promise<void> {
  let head = (await log.head(ROOM)) ?? (await log.append(ROOM, sequence(0), [created()])).written[0];
  say("ready");
  for await (const line of console) {
    // Behind the last line there is an empty one.
    if (line === "") continue;
    const draft = posted(line, head ? { after: head } : {});
    const answer = await log.append(ROOM, sequence(head?.sequence ?? 0), [draft]).catch(String);
    if (typeof answer !== "string") head = answer.written[0] ?? head;
    say(typeof answer === "string" ? `failed ${answer}` : `answered ${line}`);
  }
}

const [, , folder = "", task, prefix = ""] = process.argv;
const store = await openSqliteStore({ folder });
if (task === "hold") {
  say("open");
  // Whoever started this keeps its input open for as long as they live.
  for await (const _ of console);
  await store.close();
}
if (task === "append") await Promise.all([1, 2, 3, 4].map((n) => appendTo(store, chatroomId(`${prefix}${n}`))));
if (task === "one") {
  await writeOneByOne(store);
  await store.close();
}
