/**
 * The shared state of a desk's feed: which copy leads, the feed's cursor, and a log of events for each person. `feed`
 * is the adapter's name.
 */
export interface FeedStore {
  /** Acquires or renews the lease. False while another holder has it. */
  lead(feed: string, holder: string, ttlMs: number): Promise<boolean>;
  /** Releases the lease, if this holder still has it. */
  resign(feed: string, holder: string): Promise<void>;
  /** Undefined: the feed has never started. */
  place(feed: string): Promise<FeedPlace | undefined>;
  /**
   * Stores a step of the feed atomically. Returns false, and stores nothing, if this holder no longer has the lease. A
   * stored step is published to `feedChannel(feed)`, in the format of `newsOf`.
   */
  append(feed: string, holder: string, place: FeedPlace, entries: readonly NewEntry[]): Promise<boolean>;
  /** Deletes a person's log. Returns how many entries it had. Without `remove` it only counts. */
  forget(feed: string, key: string, remove: boolean): Promise<number>;
  /** A person's events after a position, or all that are kept. */
  log(feed: string, key: string, after?: string): Promise<Log>;
}

export interface FeedPlace {
  /** Changes when the feed had to restart: everything stored before is void. */
  readonly epoch: string;
  /** The adapter's own cursor. */
  readonly cursor: string;
}

export interface NewEntry {
  readonly key: string;
  readonly text: string;
}

export interface Log {
  /** Oldest first. */
  readonly entries: readonly Entry[];
  /** The current end of the log: later entries come after it, and none of these entries does. */
  readonly position: string;
  /** Entries after the requested position have been dropped. */
  readonly isCut: boolean;
}

export interface Entry {
  /** Its position: milliseconds since 1970 and a number, such as "1796076000000-3". */
  readonly id: string;
  readonly text: string;
}

/** The number of entries kept per person: a member who missed more reloads everything. */
export const LOG_ENTRIES = 100;
export const LOG_MS = 7 * 24 * 3_600_000;

export function feedChannel(feed: string): string {
  return `feed:${feed}`;
}

/** The epoch, and the persons whose logs have grown, as JSON. */
export function newsOf({ epoch }: FeedPlace, entries: readonly NewEntry[]): string {
  return JSON.stringify({ epoch, keys: [...new Set(entries.map(({ key }) => key))] });
}

/** Whether the first position comes after the second. */
export function isAfter(left: string, right: string): boolean {
  const [leftMs = 0, leftNumber = 0] = left.split("-").map(Number);
  const [rightMs = 0, rightNumber = 0] = right.split("-").map(Number);
  return leftMs === rightMs ? leftNumber > rightNumber : leftMs > rightMs;
}
