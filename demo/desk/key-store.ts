import { memoryFeeds } from "../../src/gateway/feed/memory-feeds.ts";
import { memoryBus } from "../../src/gateway/memory-bus.ts";
import type { SharedStore } from "../../src/gateway/shared-store.ts";
import type { Database } from "./database.ts";

/** The store shared by gateway copies on this machine. Survives restarts; entries expire. */
export function createKeyStore(database: Database, now: () => number): SharedStore {
  const standing = (key: string) =>
    database.one<{ value: string }>("SELECT value FROM keys WHERE key = ? AND expires_at > ?", key, now())?.value;

  function put(key: string, value: string, ttlMs: number): void {
    database.run("DELETE FROM keys WHERE expires_at <= ?", now());
    database.run(
      `INSERT INTO keys (key, value, expires_at) VALUES (?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at`,
      key,
      value,
      now() + ttlMs,
    );
  }

  const bus = memoryBus();
  return {
    ...bus,
    // Of no use here: this desk's adapter has `events`.
    feeds: memoryFeeds(bus.publish),
    async setIfAbsent(key, value, ttlMs) {
      return database.write(() => {
        const before = standing(key);
        if (before === undefined) put(key, value, ttlMs);
        return before;
      });
    },
    async set(key, value, ttlMs) {
      database.write(() => put(key, value, ttlMs));
    },
    get: async (key) => standing(key),
    async delete(key) {
      database.write(() => database.run("DELETE FROM keys WHERE key = ?", key));
    },
    async take(name, { capacity, refillMs }) {
      return database.write(() => {
        // A full bucket equals none.
        database.run("DELETE FROM buckets WHERE full_at <= ?", now());
        const bucket = database.one<{ tokens: number; at: number }>(
          "SELECT tokens, at FROM buckets WHERE name = ?",
          name,
        );
        const tokens = bucket ? Math.min(capacity, bucket.tokens + (now() - bucket.at) / refillMs) : capacity;
        if (tokens < 1) return Math.ceil((1 - tokens) * refillMs);
        const left = tokens - 1;
        database.run(
          `INSERT INTO buckets (name, tokens, at, full_at) VALUES (?, ?, ?, ?)
           ON CONFLICT (name) DO UPDATE SET tokens = excluded.tokens, at = excluded.at, full_at = excluded.full_at`,
          name,
          left,
          now(),
          now() + Math.ceil((capacity - left) * refillMs),
        );
        return 0;
      });
    },
  };
}
