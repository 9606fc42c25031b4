import type { ChatroomId, Result, RoomChange, RoomIntention, RoomRefusal, Unavailable, UserId } from "../domain/mod.ts";
import { judgeRequestId, refused, requestId as toRequestId } from "../domain/mod.ts";
import type { Ids } from "./ports/mod.ts";
import type { RoomWriter, RoomWriterPorts } from "./room_writer.ts";
import { createRoomWriter } from "./room_writer.ts";

/** Who commands, and by which name the command is carried out once; without one the server makes one. */
export interface Commander {
  readonly actorId: UserId;
  readonly requestId: string | null;
}

/** A node's writers: one for each room that someone writes to. */
export interface RoomWriters {
  /** Hand an intention to the room's writer. See {@link RoomWriter.submit}. */
  submit(
    chatroomId: ChatroomId,
    intention: RoomIntention,
    commander: Commander,
  ): Promise<Result<RoomChange | null, RoomRefusal | Unavailable>>;
  /** Take nothing more, and resolve once all that was taken has its outcome. */
  close(): Promise<void>;
}

/** How many rooms stay loaded. The one that was written to longest ago is let go first. */
const MOST_LOADED = 1_000;

export function createRoomWriters(ports: RoomWriterPorts & { readonly ids: Ids }): RoomWriters {
  const writers = new Map<ChatroomId, { readonly writer: RoomWriter; underWay: number }>();
  let closed = false;

  function writerOf(chatroomId: ChatroomId): { readonly writer: RoomWriter; underWay: number } {
    const entry = writers.get(chatroomId) ?? { writer: createRoomWriter(ports, chatroomId), underWay: 0 };
    writers.delete(chatroomId);
    writers.set(chatroomId, entry);
    return entry;
  }

  function letGo(): void {
    for (const [chatroomId, { underWay }] of writers) {
      if (writers.size <= MOST_LOADED) return;
      if (underWay === 0) writers.delete(chatroomId);
    }
  }

  return {
    async submit(chatroomId, intention, { actorId, requestId }) {
      if (closed) return refused({ code: "UNAVAILABLE", outcome: "none" });
      // A key is made of it: one with a colon could be taken for another user's.
      const invalid = requestId === null ? null : judgeRequestId(requestId);
      if (invalid) return refused(invalid);
      const entry = writerOf(chatroomId);
      entry.underWay++;
      try {
        const named = toRequestId(requestId ?? ports.ids.random());
        return await entry.writer.submit({ ...intention, actorId, requestId: named, at: ports.clock.now() });
      } finally {
        entry.underWay--;
        letGo();
      }
    },
    async close() {
      closed = true;
      await Promise.all([...writers.values()].map(({ writer }) => writer.idle()));
    },
  };
}
