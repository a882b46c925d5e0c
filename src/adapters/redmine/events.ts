import type { StreamContext, TicketEvent, TicketsApi } from "../../core/contract/adapter.ts";
import { badCursor } from "../shared/bad-cursor.ts";
import { isDeskAway } from "../shared/desk-refusal.ts";
import { channel, type Sink } from "../shared/channel.ts";
import type { Customer } from "./customers.ts";
import { ownQuery, readIssue, type Desk, type OwnIssue } from "./issues.ts";
import { createListener, type Listener } from "./listener.ts";
import type { Poller } from "./poller.ts";
import * as schemas from "./schemas.ts";

const PAGE = 100;
/** Of what changed in the very second in which a stream begins. */
const LATEST_MOST = 20;
const OVERLAP_S = 10;

export function createEvents(desk: Desk, poller: Poller): NonNullable<TicketsApi["events"]> {
  async function* events(cursor: string | undefined, ctx: StreamContext): AsyncIterable<TicketEvent> {
    if (ctx.signal.aborted) return;
    // Who may not listen is refused before anything stands.
    await desk.customers.find(ctx);
    const signal = AbortSignal.any([ctx.signal, desk.closed]);
    yield* channel<TicketEvent>((sink) => listen(cursor, ctx, sink, signal), signal);
  }

  function listen(cursor: string | undefined, ctx: StreamContext, sink: Sink<TicketEvent>, signal: AbortSignal) {
    let listener: Listener;
    try {
      listener = createListener(cursor, (event) => sink.push(event));
    } catch (error) {
      sink.end(error);
      return () => undefined;
    }
    let customer: Customer | undefined;
    /** What came while the beginning was read. */
    let waiting: OwnIssue[] | undefined = [];
    const fail = (error: unknown): void => sink.end(error);

    const following = poller.follow({
      customer: () => customer,
      known: () => listener.place().known,
      changed(issues) {
        if (waiting) waiting.push(...issues);
        else listener.take(issues);
      },
      gone: (id) => listener.lose(id),
      async looked() {
        if (customer || waiting) return;
        try {
          customer = await desk.customers.find({ ...ctx, signal });
          // Who was unknown has a user now: everything of theirs is new.
          if (customer) listener.take(await readSince(desk, customer, listener, true, signal));
        } catch (error) {
          // It is asked again after the next look.
          customer = undefined;
          if (!isDeskAway(error)) fail(error);
        }
      },
      failed: fail,
    });

    async function open(): Promise<void> {
      await following.ready;
      customer = await desk.customers.find({ ...ctx, signal });
      if (customer) {
        const resumed = cursor !== undefined;
        listener.take(await readSince(desk, customer, listener, resumed, signal), !resumed);
        if (resumed) await loseGone(desk, customer, listener, signal);
      }
      const came = waiting ?? [];
      waiting = undefined;
      if (came.length > 0) listener.take(came);
      ctx.onConnected?.();
    }
    open().catch((error: unknown) => {
      if (!signal.aborted) fail(error);
    });
    return () => following.stop();
  }

  return events;
}

/** The member's issues that changed from the listener's place on, the first changed first. Without a place: of the newest second. */
async function readSince(
  desk: Desk,
  customer: Customer,
  listener: Listener,
  resumed: boolean,
  signal: AbortSignal,
): Promise<readonly OwnIssue[]> {
  const { settings, api } = desk;
  const facts = await desk.facts(signal);
  const client = api.as(customer.login);
  const { since } = listener.place();
  const query = { ...ownQuery(customer, settings), sort: "updated_on:desc", limit: PAGE };
  const { issues, total_count: count } = await client.json({ path: "/issues.json", query }, schemas.issues, signal);
  listener.know(issues.map(({ id }) => id));
  const newest = Math.floor(Date.parse(issues[0]?.updated_on ?? "1970-01-01") / 1000);
  const from = (resumed ? since - OVERLAP_S : newest) * 1000;
  const changed = issues.filter((issue) => Date.parse(issue.updated_on) >= from);
  // Each of them is a call: whoever was away for so long reads everything anew instead.
  if (resumed && changed.length === PAGE && count > PAGE) throw badCursor(String(since));
  const read: OwnIssue[] = [];
  for (const { id } of changed.slice(0, resumed ? undefined : LATEST_MOST).toReversed()) {
    // oxlint-disable-next-line no-await-in-loop -- as many at once would be more than a desk has to take
    read.push(await readIssue(desk, String(id), customer, facts, signal));
  }
  return read;
}

/** Of the tickets that the member knew, those that went while they were away. */
async function loseGone(desk: Desk, customer: Customer, listener: Listener, signal: AbortSignal): Promise<void> {
  const known = listener.place().known.slice(0, PAGE);
  if (known.length === 0) return;
  const query = { ...ownQuery(customer, desk.settings), issue_id: known.join(","), limit: PAGE };
  const client = desk.api.as(customer.login);
  const { issues } = await client.json({ path: "/issues.json", query }, schemas.issues, signal);
  const there = new Set(issues.map(({ id }) => id));
  for (const id of known) if (!there.has(id)) listener.lose(id);
}
