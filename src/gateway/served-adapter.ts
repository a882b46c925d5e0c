import { createSingleFlight } from "../adapter/concurrency.ts";
import type { Adapter, CallContext, StreamContext, TicketEvent, TicketsApi } from "../core/contract/adapter.ts";
import { CALL_MS } from "./bounds.ts";
import type { Feed } from "./feed/feed.ts";
import { methodsOf } from "./offers.ts";

type Call = (...given: unknown[]) => Promise<unknown>;
const writes = ["create", "reply", "setStatus", "rate"] as const;

/**
 * The adapter as the gateway serves it. Identical concurrent writes reach the desk once, and continue when a caller
 * gives up. With a feed there is a stream for each member, and a member's write wakes the feed.
 */
export function servedAdapter(adapter: Adapter, feed: Feed | undefined): Adapter {
  const { tickets } = adapter;
  if (tickets === undefined) return adapter;
  const flight = createSingleFlight<unknown>();
  const own: Record<string, unknown> = {};
  for (const name of methodsOf(tickets)) own[name] = bound(tickets, name);
  for (const name of writes) {
    if (tickets[name] === undefined) continue;
    const write = bound(tickets, name);
    own[name] = async (...given: unknown[]): Promise<unknown> => {
      const answer = name === "create" || name === "reply" ? await together(name, write, given) : await write(...given);
      feed?.wake();
      return answer;
    };
  }

  /** `given` ends with the draft and the context. */
  async function together(name: string, write: Call, given: readonly unknown[]): Promise<unknown> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what both methods are called with
    const [draft, ctx] = given.slice(-2) as [{ readonly clientId: string }, CallContext];
    const key = [name, ctx.member?.id ?? "", ...given.slice(0, -2).map(String), draft.clientId];
    const begin = async () => await write(...given.slice(0, -1), { ...ctx, signal: AbortSignal.timeout(CALL_MS) });
    return await flight.join(key, ctx.signal, begin);
  }
  const limits = tickets.limits && { limits: tickets.limits };
  const events = feed && { events: eventsOf(feed) };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- method by method, what `tickets` has
  return { ...adapter, tickets: { ...(own as unknown as TicketsApi), ...limits, ...events } };
}

function bound(part: object, name: string): Call {
  return (...given) => Reflect.apply(Reflect.get(part, name), part, given);
}

function eventsOf(feed: Feed): NonNullable<TicketsApi["events"]> {
  return async function* events(cursor: string | undefined, ctx: StreamContext): AsyncGenerator<TicketEvent> {
    for await (const event of feed.events(cursor, ctx)) {
      if (event.type === "position") ctx.onPosition?.(event.cursor);
      else yield event;
    }
  };
}
