import { computed, createModel, signal } from "@preact/signals-core";
import type { Message, Rating, Ticket } from "../contract/adapter.ts";
import { type AdapterErrorCode, codeOf } from "../contract/errors.ts";
import { createComposer, type Words } from "../delivery/composer.ts";
import { onDispose } from "../delivery/on-dispose.ts";
import type { Outbox } from "../delivery/outbox.ts";
import { notArrived } from "../delivery/outbox-entry.ts";
import { pagesOf } from "../contract/pages.ts";
import type { Scope } from "../delivery/scope.ts";
import { callContext } from "../platform.ts";
import type { Seen } from "./seen.ts";

/** Being sent to its ticket, whichever thread is open. */
export interface Reply extends Words {
  readonly ticketId: string;
}

/** One ticket's conversation, and the reply to it. */
export const TicketThreadModel = createModel((scope: Scope, ticketId: string, replies: Outbox<Reply>, seen: Seen) => {
  const { platform, adapter } = scope;
  const ticket = signal<Ticket | undefined>(undefined);
  const messages = signal<readonly Message[]>([]);
  const status = signal<"loading" | "ready" | "failed">("loading");
  const code = signal<AdapterErrorCode>("unknown");
  const changing = signal(false);
  const failure = signal<AdapterErrorCode | undefined>(undefined);
  const readBefore = signal<string | undefined>(undefined);
  /** The cursor of the page before the messages that are loaded. */
  const earlier = signal<string | undefined>(undefined);
  let isReadingEarlier = false;
  let isLoaded = false;
  const disposed = new AbortController();
  const stopped = AbortSignal.any([scope.left, disposed.signal]);
  onDispose(() => disposed.abort());
  const ctx = () => callContext(platform, stopped);

  const composer = createComposer<Reply>(scope, `reply-draft/${ticketId}`, replies, (words) => ({
    ...words,
    ticketId,
  }));

  /** A message of a stream or an answer: its time gives its place, as an earlier one may still be under way. */
  function take(message: Message) {
    const known = messages.peek();
    if (known.some(({ id }) => id === message.id)) return;
    const place = known.findLastIndex(({ at }) => !(Date.parse(at) > Date.parse(message.at))) + 1;
    messages.value = known.toSpliced(place, 0, message);
  }

  /** Consecutive messages of the desk, in its order. Others came before the first one that is known, or later. */
  function takePage(items: readonly Message[]) {
    const known = messages.peek();
    const inPage = new Set(items.map(({ id }) => id));
    const start = Math.max(
      0,
      known.findIndex(({ id }) => inPage.has(id)),
    );
    const later = known.slice(start).filter(({ id }) => !inPage.has(id));
    messages.value = [...known.slice(0, start), ...items, ...later];
  }

  const page = async (before: string | undefined) => await adapter.tickets?.thread?.(ticketId, before, ctx());

  /** The newest messages, back to one that is loaded already; at first, back to the last one that the member has read. */
  async function readNewest() {
    const known = new Set(isLoaded ? messages.peek().map(({ id }) => id) : []);
    const readUpTo = isLoaded ? Number.NEGATIVE_INFINITY : Date.parse(seen.readUpTo(ticketId) ?? "");
    const newest: Message[] = [];
    let next: string | undefined;
    for await (const { items, ...more } of pagesOf(undefined, page)) {
      newest.unshift(...items);
      ({ next } = more);
      if (items.some(({ id, at }) => known.has(id) || !(Date.parse(at) > readUpTo))) break;
    }
    takePage(newest);
    if (!isLoaded) earlier.value = next;
    isLoaded = true;
  }

  async function readEarlier() {
    const before = earlier.peek();
    if (before === undefined || isReadingEarlier) return;
    isReadingEarlier = true;
    failure.value = undefined;
    try {
      const read = await page(before);
      takePage(read?.items ?? []);
      earlier.value = read?.next;
    } catch (error) {
      if (!stopped.aborted) failure.value = codeOf(error);
    } finally {
      isReadingEarlier = false;
    }
  }

  async function load() {
    if (status.peek() === "failed") status.value = "loading";
    try {
      await readNewest();
      changed((await adapter.tickets?.get?.(ticketId, ctx())) ?? ticket.peek());
      // The start of the unread messages stays where it was when the member opened the thread.
      if (status.peek() === "loading") readBefore.value = seen.readUpTo(ticketId);
      status.value = "ready";
    } catch (error) {
      // Prefer the thread on the screen to an error page, unless it was removed.
      const now = codeOf(error);
      if (stopped.aborted || (status.peek() === "ready" && now !== "not-found")) return;
      fail(now);
    }
  }

  function fail(now: AdapterErrorCode) {
    code.value = now;
    status.value = "failed";
  }

  function changed(now: Ticket | undefined) {
    if (now) ticket.value = now;
  }

  /** One change of the ticket at a time; a refusal is shown, and has no other effect. */
  async function act(run: () => Promise<Ticket | undefined> | undefined): Promise<void> {
    if (changing.peek()) return;
    changing.value = true;
    failure.value = undefined;
    try {
      changed(await run());
    } catch (error) {
      if (!stopped.aborted) failure.value = codeOf(error);
    } finally {
      changing.value = false;
    }
  }

  return {
    id: computed(() => ticketId),
    ticket: computed(() => ticket.value),
    messages: computed(() => messages.value),
    /** Replies of this ticket that are being sent. */
    pending: computed(() => {
      const here = replies.entries.value.filter(({ item }) => item.ticketId === ticketId);
      return notArrived(here, messages.value);
    }),
    status: computed(() => status.value),
    code: computed(() => code.value),
    text: composer.text,
    /** The first message of another author that was unread when the member opened the thread. */
    firstNew: computed(() => {
      const before = readBefore.value;
      if (before === undefined) return undefined;
      const isNew = ({ at, author }: Message) => author.role !== "member" && Date.parse(at) > Date.parse(before);
      return messages.value.find(isNew)?.id;
    }),
    files: composer.files,
    changing: computed(() => changing.value),
    /** The error of the last change of status or rating. */
    failure: computed(() => failure.value),
    canReply: computed(() => adapter.tickets?.reply !== undefined && ticket.value?.can?.reply !== false),
    /** The desk takes replies, but no more to this ticket. */
    isClosed: computed(() => adapter.tickets?.reply !== undefined && ticket.value?.can?.reply === false),
    canResolve: computed(() => adapter.tickets?.setStatus !== undefined && ticket.value?.can?.resolve !== false),
    canReopen: computed(() => adapter.tickets?.setStatus !== undefined && ticket.value?.can?.reopen !== false),
    canRate: computed(() => adapter.tickets?.rate !== undefined && ticket.value?.can?.rate !== false),
    hasEarlier: computed(() => earlier.value !== undefined),
    load,
    readEarlier,
    take,
    changed,
    /** The member returns: messages since their last look are unread. */
    revisit: () => void (readBefore.value = seen.readUpTo(ticketId)),
    /** Deleted at the desk meanwhile. The member's text stays in its draft. */
    removed: () => fail("not-found"),
    /** The member can see all of it. */
    read() {
      if (!platform.visible.peek()) return;
      const now = ticket.peek();
      if (now) seen.read(now);
    },
    setStatus: (to: "open" | "resolved") => act(() => adapter.tickets?.setStatus?.(ticketId, to, ctx())),
    rate: (rating: Rating) => act(() => adapter.tickets?.rate?.(ticketId, rating, ctx())),
    write: (text: string) => composer.write(text),
    retry(id?: string) {
      replies.retry(id);
    },
    /** A refused reply is put back into the composer. */
    takeBack(refused: { readonly clientId: string }) {
      void replies.take(refused.clientId, (entry, held) => composer.putBack(entry, held));
    },
    send: () => composer.send(),
    /** The unsent reply continues in the form. */
    takeAll: () => composer.takeAll(),
  };
});
