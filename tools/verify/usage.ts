/** Something that whoever started this has to do otherwise; the message says what. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
