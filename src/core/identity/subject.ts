import { toJson } from "../contract/json.ts";
/**
 * Whom a JSON Web Token (RFC 7519) is about, as it says itself: only a server can know whether that is true. Undefined for
 * what is no such token. Good for one thing: to notice that two tokens are about different people.
 */
export function subjectOf(token: string | undefined): string | undefined {
  try {
    const payload = (token?.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const { iss, sub } = (claims ?? {}) as { readonly iss?: unknown; readonly sub?: unknown };
    return typeof sub === "string" ? toJson([iss, sub]) : undefined;
  } catch {
    return undefined;
  }
}
