import { withDeadline } from "../delivery/deadlines.ts";
import type { Storage } from "../delivery/storage.ts";

/** A stored token of the gateway's own. The site's token is never stored. */
export interface StoredToken {
  readonly token: string;
  readonly guest: boolean;
  /** The guest's token that a sign-in replaced: the guest's data still has to be merged. */
  readonly before?: string;
}

/** The signed-in person, for all tabs. If the storage refuses, only for this tab. */
export interface TokenStore {
  read(): Promise<StoredToken | undefined>;
  /** Stores the token of a new guest, if there is none. Returns the stored one: another tab may be faster. */
  begin(guest: string): Promise<string>;
  /** A guest's token never replaces a member's. */
  write(next: StoredToken): Promise<void>;
  /** Forgets this token; another one that was stored meanwhile stays. */
  forget(token: string | undefined): Promise<void>;
  /** The guest's data is merged, or can't be: their token is no longer needed. */
  forgetGuest(guest: string): Promise<void>;
  /** Calls back when another tab has changed the token. Returns a function that stops it. */
  watch(onChange: () => void): () => void;
}

export const tokenKey = "token";
const answerMs = 2_000;

export function createTokenStore(storage: Storage): TokenStore {
  let inMemory: StoredToken | undefined;
  /** Forgotten, although the storage refused. */
  const over = new Set<string>();

  async function update(change: (stored: StoredToken | undefined) => StoredToken | undefined): Promise<void> {
    try {
      await storage.update(tokenKey, (stored) => change(isToken(stored) ? stored : undefined));
      inMemory = undefined;
    } catch {
      inMemory = change(inMemory);
    }
  }
  return {
    async read() {
      // A hanging storage must not delay signing in or out.
      const asked = withDeadline(answerMs, new AbortController().signal, () => storage.get(tokenKey));
      const stored = await asked.catch(() => undefined);
      return isToken(stored) && !over.has(stored.token) ? stored : inMemory;
    },
    async begin(guest) {
      let now: StoredToken = { token: guest, guest: true };
      await update((stored) => (now = stored ?? now));
      return now.token;
    },
    async write(next) {
      over.delete(next.token);
      await update((stored) => {
        if (!stored || next.guest === stored.guest) return next;
        return next.guest ? stored : { ...next, before: stored.token };
      });
    },
    async forget(token) {
      if (token !== undefined) over.add(token);
      await update((stored) => (stored?.token === token ? undefined : stored));
    },
    forgetGuest: (guest) =>
      update((stored) => {
        if (!stored || stored.token === guest) return undefined;
        const { before: _, ...rest } = stored;
        return rest;
      }),
    watch: (onChange) => storage.watch(tokenKey, onChange),
  };
}

/** The token of a guest who used this browser before they signed in. */
export function guestOf(stored: StoredToken | undefined): string | undefined {
  return stored?.guest ? stored.token : stored?.before;
}

function isToken(stored: unknown): stored is StoredToken {
  return typeof stored === "object" && stored !== null && "token" in stored && typeof stored.token === "string";
}
