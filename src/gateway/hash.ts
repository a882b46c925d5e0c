import { hash as digest } from "node:crypto";

/** SHA-256 of text, as base64url: for keys that must be unguessable and unique. */
export function hash(...parts: readonly string[]): string {
  // Synchronous: for a few bytes a round trip to another thread takes longer than the hash.
  return digest("sha256", JSON.stringify(parts), "base64url");
}
