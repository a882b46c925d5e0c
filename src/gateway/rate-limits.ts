import type { BucketLimit, SharedStore } from "./shared-store.ts";
import { hash } from "./hash.ts";
import { Problem } from "./problems.ts";

/** The limits. Each is a bucket of `capacity` that regains one every `refillMs`. */
export interface Rates {
  /** All requests, by address. @default 2,000, then 100 a second */
  readonly requests: BucketLimit;
  /** New guests, by address. @default 30, then one every 20 s */
  readonly guests: BucketLimit;
  /** Writes of guests, by address. @default 240, then 4 a second */
  readonly guestWrites: BucketLimit;
  /** Chats opened by guests, by address. @default 20, then one every 30 s */
  readonly guestChats: BucketLimit;
  /** Transcripts by mail, by recipient address. @default 5, then one every 10 minutes */
  readonly transcripts: BucketLimit;
  /** MiB of files, by member. @default 500, then 20 an hour */
  readonly uploads: BucketLimit;
  /** MiB of files of guests, by address. @default 500, then 20 an hour */
  readonly guestUploads: BucketLimit;
  /** Sign-in attempts with one user name from one address. @default 10, then one a minute */
  readonly signInsByName: BucketLimit;
  /** Sign-in attempts with one user name from anywhere. @default 200, then one every 10 s */
  readonly signInsToAccount: BucketLimit;
  /** Sign-in attempts, by address. @default 60, then one every 10 s */
  readonly signInsByAddress: BucketLimit;
  /** Reads, by member. @default 240, then 5 a second */
  readonly reads: BucketLimit;
  /** Writes, by member. @default 120, then 2 a second */
  readonly writes: BucketLimit;
}

export const defaultRates: Rates = {
  requests: { capacity: 2000, refillMs: 10 },
  guests: { capacity: 30, refillMs: 20_000 },
  guestWrites: { capacity: 240, refillMs: 250 },
  guestChats: { capacity: 20, refillMs: 30_000 },
  uploads: { capacity: 500, refillMs: 180_000 },
  guestUploads: { capacity: 500, refillMs: 180_000 },
  transcripts: { capacity: 5, refillMs: 600_000 },
  signInsByName: { capacity: 10, refillMs: 60_000 },
  signInsToAccount: { capacity: 200, refillMs: 10_000 },
  signInsByAddress: { capacity: 60, refillMs: 10_000 },
  reads: { capacity: 240, refillMs: 200 },
  writes: { capacity: 120, refillMs: 500 },
};

/**
 * Takes `count` (default 1). Rejects with 429 and the time to wait. The store contains a hash of the caller. Without a
 * known caller (undefined), there is no limit.
 */
export type RateLimiter = (rate: keyof Rates, who: string | undefined, count?: number) => Promise<void>;

export function createRateLimiter(store: SharedStore, rates: Rates): RateLimiter {
  return async (rate, who, count = 1) => {
    if (who === undefined) return;
    const retryAfterMs = await store.take(`rate:${hash(rate, who)}`, rates[rate], count);
    if (retryAfterMs > 0)
      throw new Problem("rate-limited", "too many requests: wait before the next", { retryAfterMs });
  };
}
