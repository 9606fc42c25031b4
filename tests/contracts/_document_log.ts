import type { Appended, RoomLog } from "../../application/mod.ts";
import type { ChangeKey, ChatroomId, Epoch, RoomChange, RoomChangeDraft, Sequence } from "../../domain/mod.ts";
import { epoch, placed, sequence } from "../../domain/mod.ts";

/** A change as a document, as a database keeps it that knows no rooms but two unique indexes. */
export interface Document {
  readonly key: ChangeKey;
  readonly change: RoomChange;
}

/** Which unique index refuses a document: that of places or that of keys. */
export type Duplicate = "place" | "key";

/**
 * A right log made of single documents, inserted one after another with others going in between. It is where wrong
 * ones are planted: each differs from it by one mistake, so that what a suite says of them is of that mistake.
 */
export class DocumentLog implements RoomLog {
  protected readonly documents: Document[] = [];

  async epoch(): Promise<Epoch> {
    return epoch("document");
  }

  async append(chatroomId: ChatroomId, after: Sequence, drafts: readonly RoomChangeDraft[]): Promise<Appended> {
    await Promise.resolve();
    const written: RoomChange[] = [];
    if (this.isBeyond(chatroomId, after)) return { written, refused: this.stale(chatroomId) };
    for (const [index, draft] of drafts.entries()) {
      await Promise.resolve();
      const document = documentOf(draft, chatroomId, after + index + 1);
      const duplicate = this.insert(document);
      if (duplicate) return { written, refused: this.refusal(duplicate, document) };
      written.push(document.change);
    }
    return { written, refused: null };
  }

  /** Whether a place is none to go on from: no index refuses what would leave a hole. */
  protected isBeyond(chatroomId: ChatroomId, after: Sequence): boolean {
    return after > this.headOf(chatroomId);
  }

  /** Insert a document unless an index refuses it. */
  protected insert(document: Document): Duplicate | null {
    const duplicate = this.duplicate(document);
    if (!duplicate) this.documents.push(document);
    return duplicate;
  }

  protected duplicate({ key, change: { chatroomId, sequence } }: Document): Duplicate | null {
    const ofRoom = this.ofRoom(chatroomId);
    if (ofRoom.some(({ change }) => change.sequence === sequence)) return "place";
    return ofRoom.some((other) => other.key === key) ? "key" : null;
  }

  protected refusal(duplicate: Duplicate, { key, change: { chatroomId } }: Document): Appended["refused"] {
    if (duplicate === "place") return this.stale(chatroomId);
    const known = this.ofRoom(chatroomId).find((other) => other.key === key) as Document;
    return { kind: "known", change: known.change };
  }

  protected stale(chatroomId: ChatroomId): Appended["refused"] {
    return { kind: "stale", head: sequence(this.headOf(chatroomId)) };
  }

  protected headOf(chatroomId: ChatroomId): number {
    return this.ofRoom(chatroomId).at(-1)?.change.sequence ?? 0;
  }

  /** The documents of a room by their place. */
  protected ofRoom(chatroomId: ChatroomId): readonly Document[] {
    return this.documents
      .filter(({ change }) => change.chatroomId === chatroomId)
      .sort((a, b) => a.change.sequence - b.change.sequence);
  }

  async read(chatroomId: ChatroomId, after: Sequence, limit: number): Promise<readonly RoomChange[]> {
    const behind = this.ofRoom(chatroomId).filter(({ change }) => change.sequence > after);
    return behind.slice(0, limit).map(({ change }) => change);
  }

  async head(chatroomId: ChatroomId): Promise<RoomChange | null> {
    return this.ofRoom(chatroomId).at(-1)?.change ?? null;
  }

  async heads(chatroomIds: readonly ChatroomId[]): Promise<ReadonlyMap<ChatroomId, RoomChange>> {
    return new Map(
      chatroomIds.flatMap((id) => {
        const head = this.ofRoom(id).at(-1);
        return head ? [[id, head.change] as const] : [];
      }),
    );
  }

  async byKeys(chatroomId: ChatroomId, keys: readonly ChangeKey[]): Promise<ReadonlyMap<ChangeKey, RoomChange>> {
    const found = this.ofRoom(chatroomId).filter(({ key }) => keys.includes(key));
    return new Map(found.map(({ key, change }) => [key, change]));
  }

  async ahead(positions: ReadonlyMap<ChatroomId, Sequence>): Promise<readonly ChatroomId[]> {
    return [...positions].filter(([id, position]) => this.headOf(id) > position).map(([id]) => id);
  }

  async pending(): Promise<readonly RoomChange[]> {
    return [];
  }

  async pendingRooms(): Promise<ReadonlyMap<ChatroomId, Sequence>> {
    return new Map();
  }

  async settle(): Promise<void> {}
}

export function documentOf(draft: RoomChangeDraft, chatroomId: ChatroomId, at: number): Document {
  return { key: draft.key, change: placed(draft, chatroomId, sequence(at)) };
}
