import { batch, computed, createModel, effect, signal } from "@preact/signals-core";
import type { Ticket, TicketCounts, TicketQuery } from "../contract/adapter.ts";
import { type AdapterErrorCode, isAdapterError } from "../contract/errors.ts";
import { pagesOf } from "../contract/pages.ts";
import { createKeptList } from "./kept-list.ts";
import type { Scope } from "../delivery/scope.ts";
import { callContext } from "../platform.ts";

type Filter = TicketQuery["filter"];

const searchPauseMs = 250;
const countPauseMs = 300;
/** The maximum number counted here if the desk does not count. */
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
  /** The list is from an earlier page of the site: the desk has not answered yet. */
  const isRecalled = signal(false);
  /** Changes that arrived while a page was loading: the page may be older. */
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
  const isFirstScreen = () => filter.value === "open" && search.value === "";
  const kept = createKeptList(scope);
  void kept.read().then((known) => {
    if (!known || stopped.signal.aborted || !isFirstScreen() || status.peek() === "ready") return;
    batch(() => {
      isRecalled.value = true;
      items.value = known.items;
      if (Object.keys(counts.peek()).length === 0) counts.value = known.counts;
    });
  });
  effect(() => {
    if (status.value === "ready" && isFirstScreen()) kept.write({ items: items.value, counts: counts.value });
  });

  /** A desk whose adapter searches page by page may return an empty page. */
  async function read(query: TicketQuery, stop: AbortSignal) {
    const ctx = callContext(platform, stop);
    const pages = pagesOf(query.cursor, async (cursor) => {
      return await adapter.tickets?.list?.({ ...query, ...(cursor && { cursor }) }, ctx);
    });
    for await (const page of pages) if (page.items.length > 0 || stop.aborted) return page;
    return undefined;
  }

  /** Reloads as many tickets as were shown, or all that there are. */
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
      // A ticket that changed meanwhile may be on two pages.
      items.value = all.filter(({ id }, index) => all.findIndex((one) => one.id === id) === index);
      next.value = page.next;
      isRecalled.value = false;
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
      const { session, tickets } = adapter;
      // The list is not shown: its counts are not needed.
      if (status.peek() === "idle" && session?.unread) {
        const { awaiting } = await session.unread(ctx);
        counts.value = { awaiting };
        return;
      }
      counts.value = tickets?.counts
        ? await tickets.counts(ctx)
        : { awaiting: (await tickets?.list?.({ filter: "awaiting", limit: countedAtMost }, ctx))?.items.length ?? 0 };
    } catch {
      // The counts are optional: without them the list still works.
    }
  }

  function place(ticket: Ticket) {
    const others = items.peek().filter((one) => one.id !== ticket.id);
    const isListed = others.length < items.peek().length;
    const fits = filter.peek() === "all" || filter.peek() === ticket.status;
    // Only the desk knows whether a ticket that is not in the list matches the search.
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
    isRecalled: computed(() => isRecalled.value),
    hasMore: computed(() => next.value !== undefined),
    /** By filter, if the desk counts. */
    counts: computed(() => counts.value),
    /** How many await the member's answer. */
    awaiting: computed(() => counts.value.awaiting ?? 0),
    show(which: Filter) {
      if (filter.peek() !== which) items.value = [];
      isRecalled.value = false;
      filter.value = which;
      void load();
    },
    /** Searches at the desk when typing pauses. */
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
    /** Applies a change from an event. */
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
