import type { Adapter } from "../contract/adapter.ts";
import { callContext, type Platform } from "../platform.ts";
import { adopt } from "./adopt.ts";
import { mergeGuest, type Merging } from "./merge-guest.ts";
import type { Person } from "./person.ts";
import type { TokenStore } from "./token-store.ts";
import { withDeadline } from "../delivery/deadlines.ts";

/** A storage that hangs does not keep the member from signing in. */
const storedMs = 2_000;
const mergeMs = 5_000;

/** What goes over to a member who signs in from whoever used this browser before. All of it stops when `mine` aborts. */
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
    /** What the person before wrote is stored to the last keystroke. What a guest wrote they can't change from then on. */
    async store(before: Person, mine: AbortSignal): Promise<void> {
      await withDeadline(storedMs, mine, () => before.settled()).catch(() => undefined);
      mine.throwIfAborted();
      if (before.name === "guest") before.revoke();
    },
    /** On this device: what a guest wrote becomes the part of the storage called `name`. */
    async adopt(name: string, merging: Merging, mine: AbortSignal): Promise<void> {
      await withDeadline(mergeMs, mine, () => adopt(platform, name, merging, mine)).catch(() => undefined);
      mine.throwIfAborted();
    },
  };
}
