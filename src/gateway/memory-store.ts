import { memoryFeeds } from "./feed/memory-feeds.ts";
import { memoryBus } from "./memory-bus.ts";
import { OUTCOME_PREFIX, type SharedStore } from "./shared-store.ts";

interface Entry {
  readonly value: string;
  readonly expiresAt: number;
}

interface Bucket {
  readonly tokens: number;
  readonly at: number;
  /** When it is full again, and can be dropped. */
  readonly fullAt: number;
}

const SWEEP_EVERY_MS = 1000;
const MAX_CHARACTERS = 64 * 1024 * 1024;
const MAX_BUCKETS = 100_000;

/**
 * For a gateway of one process. Drops expired entries, and the oldest outcomes of writes above about 64 million
 * characters. A sign-out is never dropped before it expires.
 */
export function memoryStore(): SharedStore {
  /** Outcomes of writes, which may be dropped before they expire. */
  const outcomes = new Map<string, Entry>();
  /** Sign-outs, codes and merges: small, and limited by the rate limits. */
  const marks = new Map<string, Entry>();
  const buckets = new Map<string, Bucket>();
  let characters = 0;
  let sweptAt = 0;

  const entriesOf = (key: string) => (key.startsWith(OUTCOME_PREFIX) ? outcomes : marks);

  function remove(key: string): void {
    const entries = entriesOf(key);
    const entry = entries.get(key);
    if (entry === undefined) return;
    if (entries === outcomes) characters -= key.length + entry.value.length;
    entries.delete(key);
  }

  function standing(key: string): string | undefined {
    const entry = entriesOf(key).get(key);
    return entry === undefined || entry.expiresAt <= Date.now() ? undefined : entry.value;
  }

  function put(key: string, value: string, ttlMs: number): void {
    sweep();
    remove(key);
    entriesOf(key).set(key, { value, expiresAt: Date.now() + ttlMs });
    if (!key.startsWith(OUTCOME_PREFIX)) return;
    characters += key.length + value.length;
    for (const oldest of outcomes.keys()) {
      if (characters <= MAX_CHARACTERS || oldest === key) break;
      remove(oldest);
    }
  }

  function sweep(): void {
    const now = Date.now();
    if (Math.abs(now - sweptAt) < SWEEP_EVERY_MS) return;
    sweptAt = now;
    for (const entries of [outcomes, marks]) {
      for (const [key, entry] of entries) if (entry.expiresAt <= now) remove(key);
    }
    for (const [name, bucket] of buckets) if (bucket.fullAt <= now) buckets.delete(name);
  }

  const bus = memoryBus();
  return {
    ...bus,
    feeds: memoryFeeds(bus.publish),
    async setIfAbsent(key, value, ttlMs) {
      const before = standing(key);
      if (before === undefined) put(key, value, ttlMs);
      return before;
    },
    async set(key, value, ttlMs) {
      put(key, value, ttlMs);
    },
    get: async (key) => standing(key),
    async delete(key) {
      remove(key);
    },
    async take(name, { capacity, refillMs }, count = 1) {
      sweep();
      const now = Date.now();
      const bucket = buckets.get(name);
      const since = bucket === undefined ? 0 : Math.max(0, now - bucket.at);
      const tokens = bucket === undefined ? capacity : Math.min(capacity, bucket.tokens + since / refillMs);
      const wanted = Math.min(count, capacity);
      if (tokens < wanted) return Math.ceil((wanted - tokens) * refillMs);
      const left = tokens - wanted;
      buckets.delete(name);
      buckets.set(name, { tokens: left, at: now, fullAt: now + Math.ceil((capacity - left) * refillMs) });
      const [oldest] = buckets.keys();
      if (buckets.size > MAX_BUCKETS && oldest !== undefined) buckets.delete(oldest);
      return 0;
    },
  };
}
