import { createClient } from "@redis/client";
import { AdapterError } from "../core/contract/errors.ts";
import type { SharedStore } from "./shared-store.ts";

export interface RedisStore extends SharedStore {
  ping(): Promise<void>;
  close(): void;
}

export interface RedisStoreOptions {
  /** Such as "redis://redis.example.org:6379" or "rediss://…". Redis 7 or later. */
  readonly url: string;
  /** Before every key and channel. @default "podpora:" */
  readonly prefix?: string;
  readonly onError?: (error: unknown) => void;
}

const CONNECT_MS = 3000;
const BACK_OFF_MAX_MS = 3000;

/** All of it at once on the server, by the server's clock: copies' clocks may differ. */
const takeScript = `
local now = redis.call('TIME')
now = now[1] * 1000 + now[2] / 1000
local capacity, refill = tonumber(ARGV[1]), tonumber(ARGV[2])
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = capacity
if bucket[1] then tokens = math.min(capacity, tonumber(bucket[1]) + (now - tonumber(bucket[2])) / refill) end
if tokens < 1 then return math.ceil((1 - tokens) * refill) end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens - 1), 'at', tostring(now))
redis.call('PEXPIRE', KEYS[1], math.ceil((capacity - tokens + 1) * refill))
return 0`;

/**
 * For several copies of a gateway. Connects by itself, again and again; while it cannot, every call rejects with
 * `unavailable`: what may not happen twice does not happen.
 */
export function redisStore({ onError, prefix = "podpora:", url }: RedisStoreOptions): RedisStore {
  const client = createClient({
    url,
    // A call that waits for a server to come back is one that the member has given up.
    disableOfflineQueue: true,
    socket: {
      connectTimeout: CONNECT_MS,
      reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, BACK_OFF_MAX_MS),
    },
  });
  const listener = client.duplicate({ disableOfflineQueue: false });
  for (const each of [client, listener]) each.on("error", (error: unknown) => onError?.(error));
  const connecting = Promise.allSettled([client.connect(), listener.connect()]);

  async function asked<T>(call: () => Promise<T>): Promise<T> {
    if (!client.isReady) await Promise.race([connecting, new Promise((resolve) => setTimeout(resolve, CONNECT_MS))]);
    try {
      return await call();
    } catch (cause) {
      throw new AdapterError("unavailable", `Redis cannot be reached: ${String(cause)}`, { cause, retryAfterMs: 2000 });
    }
  }

  return {
    async setIfAbsent(key, value, ttlMs) {
      const before = await asked(
        async () =>
          await client.set(`${prefix}${key}`, value, {
            condition: "NX",
            GET: true,
            expiration: { type: "PX", value: ttlMs },
          }),
      );
      return before === null ? undefined : before;
    },
    async set(key, value, ttlMs) {
      await asked(async () => await client.set(`${prefix}${key}`, value, { expiration: { type: "PX", value: ttlMs } }));
    },
    async get(key) {
      const value = await asked(async () => await client.get(`${prefix}${key}`));
      return value ?? undefined;
    },
    async delete(key) {
      await asked(async () => await client.del(`${prefix}${key}`));
    },
    async take(bucket, { capacity, refillMs }) {
      const run = ["EVAL", takeScript, "1", `${prefix}bucket:${bucket}`, String(capacity), String(refillMs)];
      return Number(await asked(async () => await client.sendCommand(run)));
    },
    async publish(channel, text) {
      await asked(async () => await client.publish(`${prefix}${channel}`, text));
    },
    subscribe(channel, heard) {
      const name = `${prefix}${channel}`;
      const told = (text: string): void => heard(text);
      listener.subscribe(name, told).catch((error: unknown) => onError?.(error));
      return () => void listener.unsubscribe(name, told).catch(() => undefined);
    },
    async ping() {
      await asked(async () => await client.ping());
    },
    close() {
      for (const each of [client, listener]) if (each.isOpen) each.destroy();
    },
  };
}
