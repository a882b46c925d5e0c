import { redisFeeds } from "./feed/redis-feeds.ts";
import { memoryStore } from "./memory-store.ts";
import { Problem } from "./problems.ts";
import { openLink } from "./redis-link.ts";
import type { SharedStore } from "./shared-store.ts";
import { isStoreError, type StoreError } from "./store-error.ts";

export interface RedisStore extends SharedStore {
  /** Whether it accepts writes, which a replica or a full server does not. */
  ping(): Promise<void>;
  /** The eviction policy (`maxmemory-policy`), such as "noeviction"; undefined if it is unknown. */
  whenFull(): Promise<string | undefined>;
  readonly close: () => void;
}

export interface RedisStoreOptions {
  /** Such as "redis://redis.example.org:6379" or "rediss://…". Redis 7 or later. */
  readonly url: string;
  /** The prefix of every key and channel. @default "podpora:" */
  readonly prefix?: string;
  /** How long a command may take, in ms. @default 1000 */
  readonly commandMs?: number;
  /** Called with each fault of the connections, also without a running call. */
  readonly onError?: (error: StoreError) => void;
}

interface Subscriber {
  readonly heard: (text: string) => void;
  readonly missed: (() => void) | undefined;
}

const COMMAND_MS = 1000;
/** Redis takes whole milliseconds, and refuses an expiry too far in the future. */
const TTL_MAX_MS = 400 * 24 * 3_600_000;
const ttlOf = (ms: number): number => Math.min(Math.max(1, Math.ceil(ms)), TTL_MAX_MS);
const ALIVE_MS = 60_000;

/** Atomic on the server, with the server's clock: copies' clocks may differ. */
const takeScript = `
local now = redis.call('TIME')
now = now[1] * 1000 + now[2] / 1000
local capacity, refill = tonumber(ARGV[1]), tonumber(ARGV[2])
local wanted = math.min(tonumber(ARGV[3]), capacity)
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = capacity
if bucket[1] then tokens = math.min(capacity, tonumber(bucket[1]) + (now - tonumber(bucket[2])) / refill) end
if tokens < wanted then return math.ceil((wanted - tokens) * refill) end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens - wanted), 'at', tostring(now))
redis.call('PEXPIRE', KEYS[1], math.ceil((capacity - tokens + wanted) * refill))
return 0`;

/**
 * For several copies of a gateway. Connects and reconnects automatically. While Redis is unreachable, does not answer
 * within `commandMs`, or accepts no writes, each call rejects with a Problem `unavailable` whose cause is a StoreError,
 * so that nothing is executed twice. Only rate limits keep working, counted by each copy.
 */
export function redisStore(options: RedisStoreOptions): RedisStore {
  const { commandMs = COMMAND_MS, onError = () => undefined, prefix = "podpora:", url } = options;
  const link = openLink({ url, commandMs, onError });
  const listener = openLink({ url, commandMs, onError });
  const alone = memoryStore();
  const channels = new Map<string, Set<Subscriber>>();

  async function asked<T>(call: Parameters<typeof link.ask<T>>[0]): Promise<T> {
    return await link.ask(call).catch((cause: unknown) => {
      throw new Problem("unavailable", "the shared store of the gateway is unreachable", {
        cause,
        retryAfterMs: 2000,
      });
    });
  }

  function hear(text: string, name: string): void {
    for (const { heard } of channels.get(name) ?? []) heard(text);
  }

  /** Repeats what failed while Redis was unreachable, with the next connection. Repeating is idempotent. */
  function listen(names: Iterable<string>): void {
    for (const name of names) {
      if (!listener.client.isReady) continue;
      listener
        .ask(async (client) => await client.subscribe(name, hear))
        .then(() => {
          for (const { missed } of channels.get(name) ?? []) missed?.();
        })
        .catch(() => undefined);
    }
  }
  listener.client.on("ready", () => listen(channels.keys()));

  return {
    async setIfAbsent(key, value, ttlMs) {
      const before = await asked(
        async (client) =>
          await client.set(`${prefix}${key}`, value, {
            condition: "NX",
            GET: true,
            expiration: { type: "PX", value: ttlOf(ttlMs) },
          }),
      );
      return before === null ? undefined : before;
    },
    async set(key, value, ttlMs) {
      const expiration = { type: "PX", value: ttlOf(ttlMs) } as const;
      await asked(async (client) => await client.set(`${prefix}${key}`, value, { expiration }));
    },
    async get(key) {
      const value = await asked(async (client) => await client.get(`${prefix}${key}`));
      return value ?? undefined;
    },
    async delete(key) {
      await asked(async (client) => await client.del(`${prefix}${key}`));
    },
    async take(bucket, { capacity, refillMs }, count = 1) {
      const given = [capacity, refillMs, count].map(String);
      const run = ["EVAL", takeScript, "1", `${prefix}bucket:${bucket}`, ...given];
      try {
        return Number(await link.ask(async (client) => await client.sendCommand(run)));
      } catch (error) {
        if (isStoreError(error)) onError(error);
        return await alone.take(bucket, { capacity, refillMs }, count);
      }
    },
    async publish(channel, text) {
      await asked(async (client) => await client.publish(`${prefix}${channel}`, text));
    },
    subscribe(channel, heard, missed) {
      const name = `${prefix}${channel}`;
      const subscriber = { heard, missed };
      const those = channels.get(name) ?? new Set();
      if (!channels.has(name)) {
        channels.set(name, those);
        listen([name]);
      }
      those.add(subscriber);
      return () => {
        those.delete(subscriber);
        if (those.size > 0 || channels.get(name) !== those) return;
        channels.delete(name);
        if (listener.client.isReady) void listener.client.unsubscribe(name, hear).catch(() => undefined);
      };
    },
    feeds: redisFeeds(prefix, async (script, keys, args) => {
      const run = ["EVAL", script, String(keys.length), ...keys, ...args];
      return await asked(async (client) => await client.sendCommand(run));
    }),
    async ping() {
      const expiration = { type: "PX", value: ALIVE_MS } as const;
      await asked(async (client) => await client.set(`${prefix}alive`, "1", { expiration }));
    },
    async whenFull() {
      const info = await asked(async (client) => await client.info("memory"));
      return /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
    },
    close() {
      for (const each of [link, listener]) each.close();
    },
  };
}
