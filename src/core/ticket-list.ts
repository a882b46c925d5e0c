import { computed, createModel, effect, signal } from "@preact/signals-core";
import type { Ticket, TicketQuery } from "./adapter.ts";
import { type AdapterErrorCode, isAdapterError } from "./errors.ts";
import { callContext, type Scope } from "./platform.ts";

type Filter = TicketQuery["filter"];

/** The overview: one filter at a time, page by page. */
export const TicketListModel = createModel((scope: Scope) => {
  const { platform, adapter } = scope;
  const filter = signal<Filter>("open");
  const items = signal<readonly Ticket[]>([]);
  const next = signal<string | undefined>(undefined);
  const status = signal<"idle" | "loading" | "ready" | "failed">("idle");
  const code = signal<AdapterErrorCode>("unknown");
  const awaiting = signal(0);
  let running = new AbortController();
  effect(() => () => running.abort());

  async function load(cursor?: string) {
    running.abort();
    running = new AbortController();
    const { signal: stop } = running;
    status.value = "loading";
    try {
      const query: TicketQuery = { filter: filter.peek(), ...(cursor && { cursor }) };
      const page = await adapter.tickets?.list?.(query, callContext(platform, stop));
      if (stop.aborted) return;
      items.value = cursor ? [...items.peek(), ...(page?.items ?? [])] : (page?.items ?? []);
      next.value = page?.next;
      status.value = "ready";
    } catch (error) {
      if (stop.aborted) return;
      code.value = isAdapterError(error) ? error.code : "unknown";
      status.value = "failed";
    }
  }

  async function countAwaiting() {
    try {
      const ctx = callContext(platform, running.signal);
      const page = await adapter.tickets?.list?.({ filter: "awaiting", limit: 50 }, ctx);
      awaiting.value = page?.items.length ?? 0;
    } catch {
      // The count is a courtesy: without it the list still stands.
    }
  }

  return {
    filter: computed(() => filter.value),
    items: computed(() => items.value),
    status: computed(() => status.value),
    code: computed(() => code.value),
    hasMore: computed(() => next.value !== undefined),
    /** How many wait for the member's answer. */
    awaiting: computed(() => awaiting.value),
    show(which: Filter) {
      if (filter.peek() !== which) items.value = [];
      filter.value = which;
      void load();
    },
    refresh() {
      void load();
      void countAwaiting();
    },
    more() {
      if (next.peek() && status.peek() !== "loading") void load(next.peek());
    },
    /** Takes in a change that came as an event. */
    changed(ticket: Ticket) {
      const fits = filter.peek() === "all" || filter.peek() === ticket.status;
      const others = items.peek().filter((one) => one.id !== ticket.id);
      if (status.peek() === "ready") items.value = fits ? [ticket, ...others] : others;
      void countAwaiting();
    },
  };
});
