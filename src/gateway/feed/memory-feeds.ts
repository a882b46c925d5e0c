import type { SharedStore } from "../shared-store.ts";
import { feedChannel, isAfter, LOG_ENTRIES, newsOf, type Entry, type FeedPlace, type FeedStore } from "./feed-store.ts";

interface Feed {
  lease: { readonly holder: string; readonly until: number } | undefined;
  place: FeedPlace | undefined;
  /** By person, least recently updated first. */
  readonly logs: Map<string, PersonLog>;
  /** The newest entry of the dropped logs. */
  dropped: string;
  last: string;
}

interface PersonLog {
  readonly entries: readonly Entry[];
  /** The feed's `dropped` when this log began: an earlier log of the person ended there at the latest. */
  readonly droppedBefore: string;
}

const PERSONS = 10_000;

/** For one process. With more than 10,000 persons it keeps the most recently updated logs. */
export function memoryFeeds(publish: SharedStore["publish"]): FeedStore {
  const feeds = new Map<string, Feed>();

  function feedOf(name: string): Feed {
    const known = feeds.get(name);
    if (known) return known;
    const feed: Feed = { lease: undefined, place: undefined, logs: new Map(), dropped: "0-0", last: "0-0" };
    feeds.set(name, feed);
    return feed;
  }
  const isLed = ({ lease }: Feed, by: string) => lease?.holder === by && lease.until > Date.now();

  function nextId(feed: Feed): string {
    const now = `${Date.now()}-0`;
    const [ms = "0", number = "0"] = feed.last.split("-");
    feed.last = isAfter(now, feed.last) ? now : `${ms}-${Number(number) + 1}`;
    return feed.last;
  }

  function add(feed: Feed, key: string, text: string): void {
    const { droppedBefore = feed.dropped, entries = [] } = feed.logs.get(key) ?? {};
    feed.logs.delete(key);
    const longer = [...entries, { id: nextId(feed), text }];
    feed.logs.set(key, { droppedBefore, entries: longer.slice(-LOG_ENTRIES) });
    const [oldest] = feed.logs.keys();
    if (feed.logs.size <= PERSONS || oldest === undefined) return;
    const newest = feed.logs.get(oldest)?.entries.at(-1)?.id ?? "0-0";
    if (isAfter(newest, feed.dropped)) feed.dropped = newest;
    feed.logs.delete(oldest);
  }

  return {
    async lead(name, holder, ttlMs) {
      const feed = feedOf(name);
      const isFree = feed.lease === undefined || feed.lease.until <= Date.now();
      if (!isFree && feed.lease?.holder !== holder) return false;
      feed.lease = { holder, until: Date.now() + ttlMs };
      return true;
    },
    async resign(name, holder) {
      const feed = feedOf(name);
      if (isLed(feed, holder)) feed.lease = undefined;
    },
    place: async (name) => feedOf(name).place,
    async append(name, holder, place, entries) {
      const feed = feedOf(name);
      if (!isLed(feed, holder)) return false;
      feed.place = place;
      for (const { key, text } of entries) add(feed, key, text);
      await publish(feedChannel(name), newsOf(place, entries));
      return true;
    },
    async forget(name, key, remove) {
      const { logs } = feedOf(name);
      const { length } = logs.get(key)?.entries ?? [];
      if (remove) logs.delete(key);
      return length;
    },
    async log(name, key, after) {
      const feed = feedOf(name);
      const { droppedBefore = feed.dropped, entries: all = [] } = feed.logs.get(key) ?? {};
      const entries = after === undefined ? all : all.filter(({ id }) => isAfter(id, after));
      const isFull = all.length === LOG_ENTRIES && entries.length === all.length;
      const isCut = after !== undefined && (isFull || isAfter(droppedBefore, after));
      const before = `${Date.now() - 1}-0`;
      return { entries, position: isAfter(feed.last, before) ? feed.last : before, isCut };
    },
  };
}
