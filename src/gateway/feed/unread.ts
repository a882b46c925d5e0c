import * as v from "valibot";
import { createSingleFlight } from "../../adapter/concurrency.ts";
import type { CallContext, Unread } from "../../core/contract/adapter.ts";
import { pagesOf } from "../../core/contract/pages.ts";
import { hash } from "../hash.ts";
import type { SharedStore } from "../shared-store.ts";
import type { FeedAdapter } from "./feed-adapter.ts";
import type { Entry } from "./feed-store.ts";
import { CUT } from "./leader.ts";

interface UnreadOptions {
  readonly adapter: FeedAdapter;
  readonly store: SharedStore;
  readonly epoch: (signal: AbortSignal) => Promise<string>;
}

/** The tickets that awaited the member at a position of the feed. */
const counted = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ epoch: v.string(), position: v.string(), awaiting: v.array(v.string()) }),
);
type Counted = v.InferOutput<typeof counted>;
const change = v.pipe(
  v.string(),
  v.parseJson(),
  v.variant("type", [
    v.object({ type: v.literal("ticket"), ticket: v.object({ id: v.string(), status: v.string() }) }),
    v.object({ type: v.literal("removed"), ticketId: v.string() }),
  ]),
);

/** After this time the desk is asked again. */
const KEPT_MS = 7 * 24 * 3_600_000;
const COUNTED_MOST = 100;

/**
 * How many tickets await the member. The desk is asked once; after that the number is updated from the feed's events,
 * at any copy of the gateway.
 */
export function createUnread({ adapter, epoch, store }: UnreadOptions): (ctx: CallContext) => Promise<Unread> {
  const { name, people } = adapter;
  const flight = createSingleFlight<Counted>();

  async function ask(key: string, now: string, ctx: CallContext): Promise<Counted> {
    // Read before the desk is asked: events during the call come after this position.
    const { position } = await store.feeds.log(name, key);
    const ids: string[] = [];
    const list = async (cursor: string | undefined) =>
      await adapter.tickets.list?.(
        { filter: "awaiting", limit: COUNTED_MOST, ...(cursor === undefined ? {} : { cursor }) },
        ctx,
      );
    for await (const { items } of pagesOf(undefined, list)) {
      ids.push(...items.map(({ id }) => id));
      if (ids.length >= COUNTED_MOST) break;
    }
    return { epoch: now, position, awaiting: ids };
  }

  async function brought(key: string, ctx: CallContext): Promise<Counted> {
    const now = await epoch(ctx.signal);
    const at = unreadKey(name, key);
    const kept = v.safeParse(counted, await store.get(at));
    const before = kept.success && kept.output.epoch === now ? kept.output : undefined;
    const log = before && (await store.feeds.log(name, key, before.position));
    if (before && log?.entries.length === 0 && !log.isCut) return before;
    const known = before && log && !log.isCut ? afterEntries(before, log.entries) : undefined;
    const after = known ?? (await askAnew(key, now, ctx));
    await store.set(at, JSON.stringify(after), KEPT_MS);
    return after;
  }

  async function askAnew(key: string, now: string, ctx: CallContext): Promise<Counted> {
    const asked = await ask(key, now, ctx);
    const { entries } = await store.feeds.log(name, key, asked.position);
    // If these events are incomplete, the next call asks again from this position.
    return afterEntries(asked, entries) ?? asked;
  }

  return async (ctx) => {
    const key = people.key(ctx.member);
    const { awaiting, epoch: now, position } = await flight.join([key], ctx.signal, async () => brought(key, ctx));
    return { awaiting: awaiting.length, version: `${now}.${position}` };
  };
}

/** Its key in the store. */
export function unreadKey(feed: string, key: string): string {
  return `unread:${feed}:${hash(key)}`;
}

/**
 * Undefined if only the desk knows: an event was too long to be stored, or the counted list was full and has shrunk.
 */
function afterEntries(before: Counted, entries: readonly Entry[]): Counted | undefined {
  const awaiting = new Set(before.awaiting);
  const isCapped = before.awaiting.length >= COUNTED_MOST;
  let { position } = before;
  for (const { id, text } of entries) {
    if (text === CUT) return undefined;
    position = id;
    const { output, success } = v.safeParse(change, text);
    if (!success) continue;
    if (output.type === "removed") awaiting.delete(output.ticketId);
    else if (output.ticket.status === "awaiting") awaiting.add(output.ticket.id);
    else awaiting.delete(output.ticket.id);
  }
  if (isCapped && awaiting.size < before.awaiting.length) return undefined;
  return { ...before, position, awaiting: [...awaiting] };
}
