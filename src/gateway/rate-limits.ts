import type { BucketLimit, SharedStore } from "./shared-store.ts";
import { hash } from "./hash.ts";
import { Problem } from "./problems.ts";

export interface Rates {
  /** New guests, by address. */
  readonly guests: BucketLimit;
  /** Attempts to sign in, by user name. */
  readonly signInsByName: BucketLimit;
  /** Attempts to sign in, by address. */
  readonly signInsByAddress: BucketLimit;
  /** Everything that changes something, by member. */
  readonly writes: BucketLimit;
}

export const defaultRates: Rates = {
  guests: { capacity: 30, refillMs: 20_000 },
  signInsByName: { capacity: 10, refillMs: 60_000 },
  signInsByAddress: { capacity: 60, refillMs: 10_000 },
  writes: { capacity: 120, refillMs: 500 },
};

export type RateLimiter = (rate: keyof Rates, who: string) => Promise<void>;

/** Rejects with 429 and how long to wait. Who is limited stands in the store as a hash. */
export function createRateLimiter(store: SharedStore, rates: Rates): RateLimiter {
  return async (rate, who) => {
    const retryAfterMs = await store.take(`rate:${await hash(rate, who)}`, rates[rate]);
    if (retryAfterMs > 0)
      throw new Problem("rate-limited", "too many attempts: wait before the next", { retryAfterMs });
  };
}
