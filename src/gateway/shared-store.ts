/**
 * The one seam through which copies of a gateway share what they must: idempotency keys, one-time codes, revoked
 * sessions, rate limits, and what a desk's web hook told one of them. In memory for one process; Redis for many.
 */
export interface SharedStore {
  /** Sets `key` if it is absent. Gives the value that stood there before, or undefined when this call set it. */
  setIfAbsent(key: string, value: string, ttlMs: number): Promise<string | undefined>;
  set(key: string, value: string, ttlMs: number): Promise<void>;
  get(key: string): Promise<string | undefined>;
  delete(key: string): Promise<void>;
  /**
   * Takes `count` tokens, one unless it is said, from a bucket of `capacity` that refills one every `refillMs`. 0 when
   * granted, else the ms to wait. More than the capacity is the whole bucket.
   */
  take(bucket: string, limit: BucketLimit, count?: number): Promise<number>;
  /** Told to every copy, this one too; kept for none that is away. */
  publish(channel: string, text: string): Promise<void>;
  /** Gives its own undo. */
  subscribe(channel: string, heard: (text: string) => void): () => void;
  /** Rejects when it cannot be reached. */
  ping?(): Promise<void>;
}

/** Of the keys that a store with too little room may forget: the outcomes of writes, by which a retry happens once. */
export const OUTCOME_PREFIX = "once:";

export interface BucketLimit {
  readonly capacity: number;
  readonly refillMs: number;
}
