import { channel } from "../../adapter/channel.ts";
import type { CallContext, Member, StreamContext, TicketEvent, Unread } from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import type { SharedStore } from "../shared-store.ts";
import type { FeedAdapter } from "./feed-adapter.ts";
import { isAfter, LOG_MS, type Entry } from "./feed-store.ts";
import { createLeader, CUT } from "./leader.ts";
import { createListeners } from "./listeners.ts";
import { createUnread } from "./unread.ts";

/** Turns the adapter's `changes` into a stream for each member, at every copy of the gateway. */
export interface Feed {
  /** With a cursor: the events after it, then new ones. Without one: the current position, then new events. */
  events(cursor: string | undefined, ctx: StreamContext): AsyncIterable<TicketEvent | Position>;
  unread(ctx: CallContext): Promise<Unread>;
  /** Something may have changed at the desk. With `forMs`, the change may become visible within that time. */
  wake(forMs?: number): void;
  dispose(): void;
}

export interface Position {
  readonly type: "position";
  readonly cursor: string;
}

export interface FeedOptions {
  readonly adapter: FeedAdapter;
  readonly store: SharedStore;
  readonly onError: (error: unknown) => void;
}

/** An unreachable desk or a failing feed is reported after this time. */
const BEGIN_MS = 10_000;
/** An older cursor may refer to a log that has been dropped. */
const CURSOR_MS = LOG_MS - 24 * 3_600_000;
const wakeChannel = (name: string) => `feed-wake:${name}`;
const shape = /^([\w-]{1,40})\.(\d{1,15}-\d{1,10})$/;

export function createFeed({ adapter, onError, store }: FeedOptions): Feed {
  const { name, people } = adapter;
  const { feeds } = store;
  const closing = new AbortController();
  const leader = createLeader({ adapter, feeds, closed: closing.signal, onError });
  const listeners = createListeners(name, store);
  // Any copy may get this call; the leading one is woken.
  const unsubscribe = store.subscribe(wakeChannel(name), (text) => leader.wake(Number(text)));

  async function epoch(signal: AbortSignal): Promise<string> {
    leader.start();
    const late = new AbortController();
    const notBegun = new AdapterError("unavailable", `the feed of "${name}" has not started`);
    const timer = setTimeout(() => late.abort(notBegun), BEGIN_MS);
    try {
      return await listeners.epoch(AbortSignal.any([signal, closing.signal, late.signal]));
    } finally {
      clearTimeout(timer);
    }
  }

  async function* events(cursor: string | undefined, ctx: StreamContext): AsyncGenerator<TicketEvent | Position> {
    const key = people.key(ctx.member);
    ctx.signal.throwIfAborted();
    const begun = await epoch(ctx.signal);
    let at = cursor === undefined ? undefined : positionOf(cursor, begun);
    const signal = AbortSignal.any([ctx.signal, closing.signal]);
    const news = channel<true>((sink) => listeners.add(key, () => sink.push(true)), signal);
    // Subscribe first: events that are stored while the log is read are not missed.
    let coming = news.next();
    try {
      const log = await feeds.log(name, key);
      const isKnown = createRepeats();
      for (const entry of log.entries) if (at !== undefined && !isAfter(entry.id, at)) isKnown(eventIn(entry));
      if (at === undefined) {
        at = log.position;
        yield { type: "position", cursor: `${begun}.${at}` };
      }
      ctx.onConnected?.();
      for (;;) {
        const { entries, isCut } = await feeds.log(name, key, at);
        if (isCut || (await epoch(signal)) !== begun) throw stale();
        for (const entry of entries) {
          at = entry.id;
          const event = eventIn(entry);
          if (event === undefined) throw stale();
          if (!isKnown(event)) yield { ...seenBy(event, key, ctx.member), cursor: `${begun}.${at}` };
        }
        if ((await coming).done === true) return;
        coming = news.next();
      }
    } finally {
      coming.catch(() => undefined);
      void news.return(undefined);
    }
  }

  return {
    events,
    unread: createUnread({ adapter, store, epoch }),
    wake: (forMs = 0) => void store.publish(wakeChannel(name), String(forMs)).catch(() => undefined),
    dispose() {
      closing.abort(new Error("the gateway is closing"));
      unsubscribe();
      listeners.dispose();
    },
  };
}

/** Whether a message was already sent: a desk's feed may repeat itself. */
function createRepeats(): (event: TicketEvent | undefined) => boolean {
  const known = new Set<string>();
  return (event) => {
    if (event?.type !== "message") return false;
    const { id } = event.message;
    if (known.has(id)) return true;
    known.add(id);
    return false;
  };
}

function positionOf(cursor: string, epoch: string): string {
  const [, of, position] = shape.exec(cursor) ?? [];
  if (of === undefined || position === undefined) {
    throw new AdapterError("invalid", `"${cursor.slice(0, 100)}" is not a cursor of this gateway`);
  }
  if (of !== epoch || Number.parseInt(position, 10) < Date.now() - CURSOR_MS) throw stale();
  return position;
}

function stale(): AdapterError {
  return new AdapterError("stale-cursor", "the events after this cursor are no longer kept: start without one");
}

/** The stored event; undefined if it was too long. */
function eventIn({ text }: Entry): TicketEvent | undefined {
  return text === CUT ? undefined : JSON.parse(text);
}

/** The desk knows the person by their key, the widget by the member's id. */
function seenBy(event: TicketEvent, key: string, member: Member | undefined): TicketEvent {
  if (event.type !== "message" || event.message.author.id !== key || member === undefined) return event;
  const { author } = event.message;
  const { id, name = author.name } = member;
  return {
    ...event,
    message: { ...event.message, author: { ...author, id, ...(name === undefined ? {} : { name }) } },
  };
}
