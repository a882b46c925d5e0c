import type { Adapter } from "../../core/contract/adapter.ts";

/** An adapter that reports the changes of all members together. */
export type FeedAdapter = Adapter & Required<Pick<Adapter, "changes" | "people" | "tickets">>;

export function hasFeed(adapter: Adapter): adapter is FeedAdapter {
  return adapter.changes !== undefined && adapter.people !== undefined && adapter.tickets !== undefined;
}
