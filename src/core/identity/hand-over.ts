import type { Adapter } from "../contract/adapter.ts";
import { callContext, type Platform } from "../platform.ts";
import { adopt } from "./adopt.ts";
import { mergeGuest, type Merging } from "./merge-guest.ts";
import type { Person } from "./person.ts";
import type { TokenStore } from "./token-store.ts";
import { withDeadline } from "../delivery/deadlines.ts";

/** A hanging storage must not delay the sign-in. */
const storedMs = 2_000;
const mergeMs = 5_000;

/**
 * The transfer to a member who signs in, from the previous person in this browser. All of it stops when `mine` aborts.
 */
export function createHandOver(platform: Platform, tokens: TokenStore) {
  return {
    /** At the desk. */
    async merge(adapter: Adapter, name: string, mine: AbortSignal): Promise<Merging> {
      const ctx = callContext(platform, mine);
      const merge = async () => await mergeGuest(platform, tokens, adapter, name, await tokens.read(), ctx);
      const merging = await withDeadline(mergeMs, mine, merge).catch(() => "later" as const);
      mine.throwIfAborted();
      return merging;
    },
    /** The previous person's text is stored to the last keystroke. A guest's text cannot be changed from then on. */
    async store(before: Person, mine: AbortSignal): Promise<void> {
      await withDeadline(storedMs, mine, () => before.settled()).catch(() => undefined);
      mine.throwIfAborted();
      if (before.name === "guest") before.revoke();
    },
    /** On this device: a guest's data moves to the part of the storage called `name`. */
    async adopt(name: string, merging: Merging, mine: AbortSignal): Promise<void> {
      await withDeadline(mergeMs, mine, () => adopt(platform, name, merging, mine)).catch(() => undefined);
      mine.throwIfAborted();
    },
  };
}
