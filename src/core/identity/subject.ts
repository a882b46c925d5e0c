import { toJson } from "../contract/json.ts";

interface Claims {
  readonly iss?: unknown;
  readonly sub?: unknown;
  readonly exp?: unknown;
  readonly guest?: unknown;
}

/** The claims of a JSON Web Token (RFC 7519), unverified: only a server can verify them. */
export function claimsOf(token: string | undefined): Claims {
  try {
    const payload = (token?.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return claims ?? {};
  } catch {
    return {};
  }
}

/**
 * The subject of a token, unverified. Undefined if it is no JWT. Only for detecting that two tokens belong to different
 * people.
 */
export function subjectOf(token: string | undefined): string | undefined {
  const { iss, sub } = claimsOf(token);
  return typeof sub === "string" ? toJson([iss, sub]) : undefined;
}
