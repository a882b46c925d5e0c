import { base64url } from "jose";

/** SHA-256 of text, as base64url: for keys that must neither tell nor collide. */
export async function hash(...parts: readonly string[]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(parts));
  return base64url.encode(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}
