import type { FeedStore } from "./feed/feed-store.ts";

/**
 * The only interface through which copies of a gateway share state: idempotency keys, one-time codes, revoked sessions,
 * rate limits, web hooks received by one of them, and changes at the desk. In memory for one process; Redis for many.
 */
export interface SharedStore {
  /** Sets `key` if it is absent. Returns the existing value, or undefined if this call set it. */
  setIfAbsent(key: string, value: string, ttlMs: number): Promise<string | undefined>;
  set(key: string, value: string, ttlMs: number): Promise<void>;
  get(key: string): Promise<string | undefined>;
  delete(key: string): Promise<void>;
  /**
   * Takes `count` tokens (default 1) from a bucket of `capacity` that regains one every `refillMs`. Returns 0 if
   * granted, else the ms to wait. More than the capacity takes the whole bucket.
   */
  take(bucket: string, limit: BucketLimit, count?: number): Promise<number>;
  /** Delivered to every connected copy, including this one; not stored. */
  publish(channel: string, text: string): Promise<void>;
  /**
   * `missed`: the connection was lost, and messages published meanwhile were not delivered. Returns a function that
   * unsubscribes.
   */
  subscribe(channel: string, heard: (text: string) => void, missed?: () => void): () => void;
  /** For desks whose adapter has `changes`. */
  readonly feeds: FeedStore;
  /** Rejects when the store cannot be reached. */
  ping?(): Promise<void>;
}

/** The prefix of keys that a full store may drop: the outcomes of writes, which make retries idempotent. */
export const OUTCOME_PREFIX = "once:";

export interface BucketLimit {
  readonly capacity: number;
  readonly refillMs: number;
}
