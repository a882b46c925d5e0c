import type { BucketLimit, SharedStore } from "./shared-store.ts";
import { hash } from "./hash.ts";
import { Problem } from "./problems.ts";

/** How often what may happen. Each is a bucket of `capacity` that refills one every `refillMs`. */
export interface Rates {
  /** Everything that is asked, by address. @default 2,000, then 100 a second */
  readonly requests: BucketLimit;
  /** New guests, by address. @default 30, then one every 20 s */
  readonly guests: BucketLimit;
  /** What guests change, by address. @default 240, then 4 a second */
  readonly guestWrites: BucketLimit;
  /** Chats that guests open, by address. @default 20, then one every 30 s */
  readonly guestChats: BucketLimit;
  /** Transcripts that are mailed, by the address that they go to. @default 5, then one every 10 minutes */
  readonly transcripts: BucketLimit;
  /** MiB of files, by member. @default 500, then 20 an hour */
  readonly uploads: BucketLimit;
  /** MiB of files of guests, by address. @default 500, then 20 an hour */
  readonly guestUploads: BucketLimit;
  /** Attempts to sign in under one user name from one address. @default 10, then one a minute */
  readonly signInsByName: BucketLimit;
  /** Attempts to sign in under one user name from anywhere. @default 200, then one every 10 s */
  readonly signInsToAccount: BucketLimit;
  /** Attempts to sign in, by address. @default 60, then one every 10 s */
  readonly signInsByAddress: BucketLimit;
  /** What is read, by member. @default 240, then 5 a second */
  readonly reads: BucketLimit;
  /** Everything that changes something, by member. @default 120, then 2 a second */
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
 * Takes `count`, one unless it is said. Rejects with 429 and how long to wait. Who is limited stands in the store as a hash. Where nobody can say who it is
 * (undefined), there is no limit.
 */
export type RateLimiter = (rate: keyof Rates, who: string | undefined, count?: number) => Promise<void>;

export function createRateLimiter(store: SharedStore, rates: Rates): RateLimiter {
  return async (rate, who, count = 1) => {
    if (who === undefined) return;
    const retryAfterMs = await store.take(`rate:${await hash(rate, who)}`, rates[rate], count);
    if (retryAfterMs > 0)
      throw new Problem("rate-limited", "too many attempts: wait before the next", { retryAfterMs });
  };
}
