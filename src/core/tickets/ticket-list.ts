import { computed, createModel, effect, signal } from "@preact/signals-core";
import type { Ticket, TicketCounts, TicketQuery } from "../contract/adapter.ts";
import { type AdapterErrorCode, isAdapterError } from "../contract/errors.ts";
import { pagesOf } from "../contract/pages.ts";
import type { Scope } from "../delivery/scope.ts";
import { callContext } from "../platform.ts";

type Filter = TicketQuery["filter"];

const searchPauseMs = 250;
const countPauseMs = 300;
/** As many as are counted where the desk itself does not count. */
const countedAtMost = 50;

/** The overview: one filter or one search at a time, page by page. */
export const TicketListModel = createModel((scope: Scope) => {
  const { platform, adapter } = scope;
  const filter = signal<Filter>("open");
  const search = signal("");
  const items = signal<readonly Ticket[]>([]);
  const next = signal<string | undefined>(undefined);
  const status = signal<"idle" | "loading" | "ready" | "failed">("idle");
  const code = signal<AdapterErrorCode>("unknown");
  const counts = signal<Partial<TicketCounts>>({});
  /** Changes that came while a page was on its way: it may be older than they are. */
  let missed: readonly Ticket[] = [];
  let running = new AbortController();
  let pause: ReturnType<typeof setTimeout> | undefined;
  let countPause: ReturnType<typeof setTimeout> | undefined;
  const stopped = new AbortController();
  effect(() => () => {
    stopped.abort();
    running.abort();
    clearTimeout(pause);
    clearTimeout(countPause);
  });

  /** A desk that looks through its tickets itself gives what it has got to, which may be nothing yet. */
  async function read(query: TicketQuery, stop: AbortSignal) {
    const ctx = callContext(platform, stop);
    const pages = pagesOf(query.cursor, async (cursor) => {
      return await adapter.tickets?.list?.({ ...query, ...(cursor && { cursor }) }, ctx);
    });
    for await (const page of pages) if (page.items.length > 0 || stop.aborted) return page;
    return undefined;
  }

  /** The pages that the member had opened stay open: as many tickets as were shown, or all that there are. */
  async function readAtLeast(least: number, query: TicketQuery, stop: AbortSignal) {
    const tickets: Ticket[] = [];
    let rest: string | undefined;
    for await (const page of pagesOf(query.cursor, (cursor) => read({ ...query, ...(cursor && { cursor }) }, stop))) {
      tickets.push(...page.items);
      rest = page.next;
      if (tickets.length >= least || stop.aborted) break;
    }
    return { items: tickets, next: rest };
  }

  async function load(cursor?: string, atLeast = 0) {
    running.abort();
    running = new AbortController();
    const { signal: stop } = running;
    status.value = "loading";
    missed = [];
    try {
      const words = search.peek().trim();
      const query: TicketQuery = { filter: filter.peek(), ...(words && { search: words }), ...(cursor && { cursor }) };
      const page = await readAtLeast(atLeast, query, stop);
      if (stop.aborted) return;
      const all = [...(cursor ? items.peek() : []), ...page.items];
      // What changed meanwhile may be on two pages.
      items.value = all.filter(({ id }, index) => all.findIndex((one) => one.id === id) === index);
      next.value = page.next;
      status.value = "ready";
      missed.forEach(place);
    } catch (error) {
      if (stop.aborted) return;
      code.value = isAdapterError(error) ? error.code : "unknown";
      status.value = "failed";
    }
  }

  async function count() {
    try {
      const ctx = callContext(platform, stopped.signal);
      const { tickets } = adapter;
      counts.value = tickets?.counts
        ? await tickets.counts(ctx)
        : { awaiting: (await tickets?.list?.({ filter: "awaiting", limit: countedAtMost }, ctx))?.items.length ?? 0 };
    } catch {
      // The counts are a courtesy: without them the list still stands.
    }
  }

  function place(ticket: Ticket) {
    const others = items.peek().filter((one) => one.id !== ticket.id);
    const isListed = others.length < items.peek().length;
    const fits = filter.peek() === "all" || filter.peek() === ticket.status;
    // Whether a ticket that is not in the list is found by the words, the desk alone knows.
    const belongs = fits && (isListed || !search.peek().trim());
    items.value = belongs ? [ticket, ...others] : others;
  }

  /** Many changes at once are counted once. */
  function recount() {
    clearTimeout(countPause);
    countPause = setTimeout(() => void count(), countPauseMs);
  }

  return {
    filter: computed(() => filter.value),
    search: computed(() => search.value),
    items: computed(() => items.value),
    status: computed(() => status.value),
    code: computed(() => code.value),
    hasMore: computed(() => next.value !== undefined),
    /** By filter, as far as the desk counts. */
    counts: computed(() => counts.value),
    /** How many wait for the member's answer. */
    awaiting: computed(() => counts.value.awaiting ?? 0),
    show(which: Filter) {
      if (filter.peek() !== which) items.value = [];
      filter.value = which;
      void load();
    },
    /** Asks the desk when the typing pauses. */
    find(words: string) {
      search.value = words;
      status.value = "loading";
      clearTimeout(pause);
      pause = setTimeout(() => void load(), searchPauseMs);
    },
    count,
    refresh() {
      void load(undefined, items.peek().length);
      void count();
    },
    more() {
      if (next.peek() && status.peek() !== "loading") void load(next.peek());
    },
    /** Takes in a change that came as an event. */
    changed(ticket: Ticket) {
      if (status.peek() === "ready") place(ticket);
      else missed = [...missed, ticket];
      recount();
    },
    removed(ticketId: string) {
      items.value = items.peek().filter(({ id }) => id !== ticketId);
      recount();
    },
  };
});
