import type { Storage } from "../delivery/storage.ts";

/** A token of the gateway's own, as it outlives a reload. The site's token is never stored. */
export interface StoredToken {
  readonly token: string;
  readonly guest: boolean;
  /** The guest's token that a sign-in replaced: what the guest began is still to be merged. */
  readonly before?: string;
}

/** The one truth for all tabs about who signed in here. */
export const tokenKey = "token";

export async function readToken(storage: Storage): Promise<StoredToken | undefined> {
  const stored = await storage.get(tokenKey).catch(() => undefined);
  return isToken(stored) ? stored : undefined;
}

/** A guest's token never replaces a member's. */
export async function writeToken(storage: Storage, next: StoredToken): Promise<void> {
  await storage
    .update(tokenKey, (stored) => {
      if (!isToken(stored) || next.guest === stored.guest) return next;
      return next.guest ? stored : { ...next, before: stored.token };
    })
    .catch(() => undefined);
}

/** What a guest began is merged, or can't be: their token is of no more use. */
export async function forgetGuest(storage: Storage, guest: string): Promise<void> {
  await storage
    .update(tokenKey, (stored) => {
      if (!isToken(stored) || stored.token === guest) return undefined;
      const { before: _, ...rest } = stored;
      return rest;
    })
    .catch(() => undefined);
}

/** The token of a guest who used this browser before they signed in. */
export function guestOf(stored: StoredToken | undefined): string | undefined {
  return stored?.guest ? stored.token : stored?.before;
}

/** Forgets this token; another one that was stored meanwhile stays. */
export async function forgetToken(storage: Storage, token: string | undefined): Promise<void> {
  await storage
    .update(tokenKey, (before) => (isToken(before) && before.token === token ? undefined : before))
    .catch(() => undefined);
}

function isToken(stored: unknown): stored is StoredToken {
  const { token } = (stored ?? {}) as Partial<StoredToken>;
  return typeof token === "string";
}
