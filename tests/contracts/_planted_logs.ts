import type { Appended } from "../../application/mod.ts";
import type { ChatroomId, RoomChange, RoomChangeDraft, Sequence } from "../../domain/mod.ts";
import type { Document, Duplicate } from "./_document_log.ts";
import { DocumentLog, documentOf } from "./_document_log.ts";

/** Takes the sequence from a count read before writing, and lets nothing arbitrate between two who read the same. */
export class CountingLog extends DocumentLog {
  override async append(chatroomId: ChatroomId, after: Sequence, drafts: readonly RoomChangeDraft[]) {
    const count = this.ofRoom(chatroomId).length;
    if (count !== after) return { written: [], refused: this.stale(chatroomId) };
    await Promise.resolve();
    const written: RoomChange[] = [];
    for (const draft of drafts) {
      const document = documentOf(draft, chatroomId, count + written.length + 1);
      if (this.duplicate(document) === "key") return { written, refused: this.refusal("key", document) };
      this.documents.push(document);
      written.push(document.change);
    }
    return { written, refused: null };
  }
}

/** The same mistake where what is written last stays: of two at one place, the first is gone though it was answered. */
export class OverwritingLog extends CountingLog {
  protected override ofRoom(chatroomId: ChatroomId): readonly Document[] {
    const byPlace = new Map(super.ofRoom(chatroomId).map((document) => [document.change.sequence, document]));
    return [...byPlace.values()];
  }
}

/** Inserts a batch without regard to its order, so that what is behind a refused draft is written all the same. */
export class UnorderedLog extends DocumentLog {
  override async append(chatroomId: ChatroomId, after: Sequence, drafts: readonly RoomChangeDraft[]) {
    const { written, refused } = await super.append(chatroomId, after, drafts);
    const tried = written.length + 1;
    for (const [index, draft] of drafts.slice(tried).entries()) {
      if (refused) this.insert(documentOf(draft, chatroomId, after + tried + index + 1));
    }
    return { written, refused };
  }
}

/** Draws sequences from a counter, which a refused draft has moved on too. */
export class BurningLog extends DocumentLog {
  readonly #drawn = new Map<ChatroomId, number>();

  override async append(chatroomId: ChatroomId, after: Sequence, drafts: readonly RoomChangeDraft[]) {
    await Promise.resolve();
    const written: RoomChange[] = [];
    if (after !== this.headOf(chatroomId)) return { written, refused: this.stale(chatroomId) };
    for (const draft of drafts) {
      const drawn = (this.#drawn.get(chatroomId) ?? 0) + 1;
      this.#drawn.set(chatroomId, drawn);
      const document = documentOf(draft, chatroomId, drawn);
      const duplicate = this.insert(document);
      if (duplicate) return { written, refused: this.refusal(duplicate, document) };
      written.push(document.change);
    }
    return { written, refused: null };
  }
}

/** Takes any duplicate for a known key, whichever index refused the draft. */
export class AnyDuplicateIsKnownLog extends DocumentLog {
  protected override refusal(_: Duplicate, { key, change }: Document): Appended["refused"] {
    const ofRoom = this.ofRoom(change.chatroomId);
    const other =
      ofRoom.find((document) => document.key === key) ??
      ofRoom.find((document) => document.change.sequence === change.sequence);
    return { kind: "known", change: (other as Document).change };
  }
}

/** Takes back what it wrote before a known draft, but still answers known, as if the first draft were the known one. */
export class TakingBackLog extends DocumentLog {
  override async append(chatroomId: ChatroomId, after: Sequence, drafts: readonly RoomChangeDraft[]) {
    const answer = await super.append(chatroomId, after, drafts);
    if (answer.refused?.kind !== "known") return answer;
    for (const change of answer.written) {
      this.documents.splice(
        this.documents.findIndex((document) => document.change === change),
        1,
      );
    }
    return { ...answer, written: [] };
  }
}

/** Holds a key for known that stands in another room. */
export class KeysOfAllRoomsLog extends DocumentLog {
  protected override duplicate(document: Document): Duplicate | null {
    return super.duplicate(document) ?? (this.documents.some(({ key }) => key === document.key) ? "key" : null);
  }

  protected override refusal(duplicate: Duplicate, document: Document): Appended["refused"] {
    if (duplicate === "place") return super.refusal(duplicate, document);
    const known = this.documents.find(({ key }) => key === document.key) as Document;
    return { kind: "known", change: known.change };
  }
}

/** Writes wherever nothing is, also behind a hole. */
export class UnboundedLog extends DocumentLog {
  protected override isBeyond(): boolean {
    return false;
  }
}
