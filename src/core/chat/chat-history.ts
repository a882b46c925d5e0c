import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { Message } from "../contract/adapter.ts";
import type { Timeline } from "./chat-timeline.ts";
import { pagesOf } from "../contract/pages.ts";
import type { Scope } from "../delivery/scope.ts";
import { callContext } from "../platform.ts";

export interface History {
  /** There are earlier messages than those shown. */
  readonly hasOlder: ReadonlySignal<boolean>;
  /**
   * Loads the newest page into the timeline; returns the cursor from which the live events resume, if the desk has one.
   */
  start(conversationId: string, signal: AbortSignal): Promise<string | undefined>;
  older(): Promise<void>;
  /** Reads newer messages by plain requests. Returns the new ones, oldest first. */
  newer(): Promise<readonly Message[]>;
  /** All of it, oldest first. */
  all(): Promise<readonly Message[]>;
}

/** A long conversation is loaded page by page, backwards. */
export function createHistory({ platform, adapter }: Scope, timeline: Timeline): History {
  const next = signal<string | undefined>(undefined);
  let loading = false;
  let of: { readonly id: string; readonly signal: AbortSignal } | undefined;

  async function page(before: string | undefined) {
    if (!of || !adapter.chat?.history) return undefined;
    const { id, signal: stop } = of;
    const history = await adapter.chat.history(id, before, callContext(platform, stop));
    // Another conversation is open by now.
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
      // Earlier pages stay available: the next attempt retries.
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
