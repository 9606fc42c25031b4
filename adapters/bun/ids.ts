import type { Ids } from "../../application/mod.ts";

/** Names of 192 random bits, and of the first 132 bits of a SHA-256. */
export class BunIds implements Ids {
  random(): string {
    return Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString("base64url");
  }

  derived(tag: string, parts: readonly string[]): string {
    // JSON keeps apart what is divided otherwise, and escapes lone surrogates, which UTF-8 cannot tell apart.
    const text = JSON.stringify([tag, ...parts]);
    return new Bun.CryptoHasher("sha256").update(text).digest("base64url").slice(0, 22);
  }
}
