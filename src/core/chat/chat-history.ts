import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { Message } from "../contract/adapter.ts";
import type { Timeline } from "./chat-timeline.ts";
import { pagesOf } from "../contract/pages.ts";
import type { Scope } from "../delivery/scope.ts";
import { callContext } from "../platform.ts";

export interface History {
  /** There is more above what is shown. */
  readonly hasOlder: ReadonlySignal<boolean>;
  /** The newest page into the timeline; gives the cursor that the live events go on from, where the desk has one. */
  start(conversationId: string, signal: AbortSignal): Promise<string | undefined>;
  older(): Promise<void>;
  /** Reads what came since, by plain requests. Returns the new messages, the oldest first. */
  newer(): Promise<readonly Message[]>;
  /** All of it, the oldest first. */
  all(): Promise<readonly Message[]>;
}

/** A long conversation comes page by page, backwards. */
export function createHistory({ platform, adapter }: Scope, timeline: Timeline): History {
  const next = signal<string | undefined>(undefined);
  let loading = false;
  let of: { readonly id: string; readonly signal: AbortSignal } | undefined;

  async function page(before: string | undefined) {
    if (!of || !adapter.chat?.history) return undefined;
    const { id, signal: stop } = of;
    const history = await adapter.chat.history(id, before, callContext(platform, stop));
    // Another conversation is before the member by now.
    if (of.id !== id) return undefined;
    timeline.prepend(history.items);
    if (history.delivered !== undefined) timeline.reached("delivered", history.delivered);
    if (history.read !== undefined) timeline.reached("read", history.read);
    next.value = history.next;
    return history;
  }
  async function older() {
    const before = next.peek();
    if (before === undefined || loading) return;
    loading = true;
    try {
      await page(before);
    } catch {
      // The way up stays open: the next look tries again.
    } finally {
      loading = false;
    }
  }

  return {
    hasOlder: computed(() => next.value !== undefined),
    async start(id, stop) {
      of = { id, signal: stop };
      next.value = undefined;
      return (await page(undefined))?.cursor;
    },
    older,
    async newer() {
      if (!of || !adapter.chat?.history) return [];
      const { id, signal: stop } = of;
      const known = new Set(timeline.messages.peek().map((message) => message.id));
      const items: Message[] = [];
      const pages = pagesOf(undefined, async (before) => {
        return await adapter.chat?.history?.(id, before, callContext(platform, stop));
      });
      for await (const newest of pages) {
        items.unshift(...newest.items);
        if (newest.delivered !== undefined) timeline.reached("delivered", newest.delivered);
        if (newest.read !== undefined) timeline.reached("read", newest.read);
        if (newest.items.some((message) => known.has(message.id))) break;
      }
      return of.id === id ? timeline.newest(items) : [];
    },
    async all() {
      if (next.peek() !== undefined) {
        for await (const read of pagesOf(next.peek(), page)) next.value = read.next;
      }
      return timeline.messages.peek();
    },
  };
}
