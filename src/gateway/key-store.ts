/**
 * The one seam through which copies of a gateway share what they must: idempotency keys, one-time codes, revoked
 * sessions, rate limits. In memory for one process; a desk's database or Redis for many.
 */
export interface KeyStore {
  /** Sets `key` if it is absent. Gives the value that stood there before, or undefined when this call set it. */
  setIfAbsent(key: string, value: string, ttlMs: number): Promise<string | undefined>;
  set(key: string, value: string, ttlMs: number): Promise<void>;
  get(key: string): Promise<string | undefined>;
  delete(key: string): Promise<void>;
  /** Takes one token from a bucket of `capacity` that refills one every `refillMs`. 0 when granted, else the ms to wait. */
  take(bucket: string, limit: BucketLimit): Promise<number>;
}

export interface BucketLimit {
  readonly capacity: number;
  readonly refillMs: number;
}
