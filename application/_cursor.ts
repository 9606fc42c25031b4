import type { PlaceInvalid, Result } from "../domain/mod.ts";
import { accepted, isStorable, refused } from "../domain/mod.ts";

/** Write where a list goes on as text that is opaque to clients: base64url of a JSON array of strings. */
export function writeCursor(parts: readonly string[]): string {
  const bytes = new TextEncoder().encode(JSON.stringify(parts));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** Read a cursor of so many parts. One that {@link writeCursor} could not have written is refused. */
export function readCursor(text: string, length: number): Result<readonly string[], PlaceInvalid> {
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const parts: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    const fits = Array.isArray(parts) && parts.length === length;
    if (fits && parts.every((part) => typeof part === "string" && isStorable(part)) && writeCursor(parts) === text) {
      return accepted(parts);
    }
  } catch {
    // Not base64, not UTF-8 or not JSON: not ours.
  }
  return refused({ code: "PLACE_INVALID", field: "cursor" });
}
