import type { Caller } from "./tokens.ts";

/** A key that the site withdraws stays valid for this time, as while the key set is cached. */
const keptMs = 60_000;
const keptAtMost = 5_000;

/**
 * Verifies a token, and caches the result while the widget sends it with one call after the other. Only valid tokens
 * are cached. The caller has to check expiry and sign-out each time.
 */
export function rememberVerified(verify: (token: string) => Promise<Caller>): (token: string) => Promise<Caller> {
  const known = new Map<string, { readonly caller: Caller; readonly until: number }>();
  return async (token) => {
    const found = known.get(token);
    if (found && found.until > Date.now()) return found.caller;
    const caller = await verify(token);
    known.delete(token);
    known.set(token, { caller, until: Date.now() + keptMs });
    for (const oldest of known.keys()) {
      if (known.size <= keptAtMost) break;
      known.delete(oldest);
    }
    return caller;
  };
}
