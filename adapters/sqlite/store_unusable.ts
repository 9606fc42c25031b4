/**
 * Why a store cannot be opened. `in_use`: another process, or this one, has it open. `newer`: a newer version of the
 * program wrote it. `foreign`: the file is a database of something else. `damaged`: it is none, or is broken.
 * `inaccessible`: the folder or a file in it cannot be used.
 */
export type UnusableReason = "in_use" | "newer" | "foreign" | "damaged" | "inaccessible";

/** The store cannot be opened; the message says what is the matter and what to do. Nothing was altered. */
export class StoreUnusable extends Error {
  override readonly name = "StoreUnusable";
  readonly reason: UnusableReason;

  constructor(reason: UnusableReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
