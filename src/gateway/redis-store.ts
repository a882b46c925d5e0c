import { memoryStore } from "./memory-store.ts";
import { Problem } from "./problems.ts";
import { openLink } from "./redis-link.ts";
import type { SharedStore } from "./shared-store.ts";
import { isStoreError, type StoreError } from "./store-error.ts";

export interface RedisStore extends SharedStore {
  /** Whether it can be written to, which a replica or a full server cannot. */
  ping(): Promise<void>;
  /** What Redis does when it is full (`maxmemory-policy`), such as "noeviction"; undefined where it does not say. */
  whenFull(): Promise<string | undefined>;
  readonly close: () => void;
}

export interface RedisStoreOptions {
  /** Such as "redis://redis.example.org:6379" or "rediss://…". Redis 7 or later. */
  readonly url: string;
  /** Before every key and channel. @default "podpora:" */
  readonly prefix?: string;
  /** How long a command may take, in ms. @default 1000 */
  readonly commandMs?: number;
  /** Told of each fault of the connections, also while nobody asks anything. */
  readonly onError?: (error: StoreError) => void;
}

const COMMAND_MS = 1000;
const ALIVE_MS = 60_000;

/** All of it at once on the server, by the server's clock: copies' clocks may differ. */
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
 * For several copies of a gateway. Connects by itself, again and again. While Redis cannot be reached, does not answer
 * within `commandMs`, or takes no writes, each call rejects with a Problem `unavailable` whose cause is a StoreError:
 * what may not happen twice does not happen. Rate limits alone go on, counted by each copy for itself.
 */
export function redisStore(options: RedisStoreOptions): RedisStore {
  const { commandMs = COMMAND_MS, onError = () => undefined, prefix = "podpora:", url } = options;
  const link = openLink({ url, commandMs, onError });
  const listener = openLink({ url, commandMs, onError });
  const alone = memoryStore();
  const channels = new Map<string, Set<(text: string) => void>>();

  async function asked<T>(call: Parameters<typeof link.ask<T>>[0]): Promise<T> {
    return await link.ask(call).catch((cause: unknown) => {
      throw new Problem("unavailable", "what the gateway's copies share cannot be reached", {
        cause,
        retryAfterMs: 2000,
      });
    });
  }

  function hear(text: string, name: string): void {
    for (const heard of channels.get(name) ?? []) heard(text);
  }

  /** What failed while Redis was away is made up for with the next connection. Twice is once. */
  function listen(names: Iterable<string>): void {
    for (const name of names) {
      if (listener.client.isReady)
        listener.ask(async (client) => await client.subscribe(name, hear)).catch(() => undefined);
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
            expiration: { type: "PX", value: ttlMs },
          }),
      );
      return before === null ? undefined : before;
    },
    async set(key, value, ttlMs) {
      const expiration = { type: "PX", value: ttlMs } as const;
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
    subscribe(channel, heard) {
      const name = `${prefix}${channel}`;
      const those = channels.get(name) ?? new Set();
      if (!channels.has(name)) {
        channels.set(name, those);
        listen([name]);
      }
      those.add(heard);
      return () => {
        those.delete(heard);
        if (those.size > 0 || channels.get(name) !== those) return;
        channels.delete(name);
        if (listener.client.isReady) void listener.client.unsubscribe(name, hear).catch(() => undefined);
      };
    },
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
