import { afterEach, describe, expect, inject, test } from "vitest";
import { isStoreError, redisStore, type RedisStore } from "../../src/gateway/index.ts";
import { freePorts } from "../support/free-ports.ts";
import { ownRedis, type OwnRedis } from "./own-redis.ts";
import { openTcpProxy, type TcpProxy } from "./tcp-proxy.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  // oxlint-disable-next-line no-await-in-loop -- in the order of their making, the last first
  for (const close of closing.splice(0).toReversed()) await close();
});

async function behindProxy(): Promise<{ store: RedisStore; redis: OwnRedis; proxy: TcpProxy; faults: string[] }> {
  const [port = 0] = await freePorts(1);
  const redis = await ownRedis(port);
  closing.push(redis.remove);
  const proxy = await openTcpProxy(port);
  closing.push(proxy.close);
  const faults: string[] = [];
  const url = `redis://127.0.0.1:${proxy.port}`;
  const store = redisStore({ url, onError: ({ fault }) => faults.push(fault) });
  closing.push(store.close);
  await store.set("before", "1", 600_000);
  return { store, redis, proxy, faults };
}

/** What a call gives, and how long it takes. */
async function tried(call: () => Promise<unknown>): Promise<{ fault: unknown; ms: number }> {
  const started = performance.now();
  const error: unknown = await call().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const cause = error instanceof Error ? error.cause : undefined;
  const fault = isStoreError(cause) ? cause.fault : error;
  return { fault, ms: performance.now() - started };
}

describe.skipIf(!inject("desks").includes("redis"))("a Redis", () => {
  test("that stops responding: each call ends within a second or so, the next ones at once, and calls work again after it", async () => {
    const { store, proxy } = await behindProxy();
    proxy.set("silent");
    const first = await tried(async () => await store.get("before"));
    expect(first.fault).toBe("silent");
    const second = await tried(async () => await store.get("before"));
    expect(second.fault).toBe("silent");
    // The first one has waited for its deadline.
    expect(second.ms).toBeLessThan(first.ms);
    proxy.set(undefined);
    await expect.poll(async () => await store.get("before").catch(() => "away"), { timeout: 20_000 }).toBe("1");
  });

  test("that stops responding while there are no calls: both this and its end are noticed", async () => {
    const { store, proxy, faults } = await behindProxy();
    const heard: string[] = [];
    store.subscribe("hook", (text) => heard.push(text));
    proxy.set("silent");
    await expect.poll(() => faults, { timeout: 30_000 }).toContain("silent");
    proxy.set(undefined);
    await expect
      .poll(
        async () => {
          await store.publish("hook", "after").catch(() => undefined);
          return heard;
        },
        { timeout: 30_000 },
      )
      .toContain("after");
  });

  test("that stops responding under load: further calls do not keep the dead connection open", async () => {
    const { store, proxy } = await behindProxy();
    proxy.set("silent");
    const asking = setInterval(() => void store.get("before").catch(() => undefined), 20);
    closing.push(() => clearInterval(asking));
    await expect.poll(async () => (await tried(store.ping)).fault).toBe("silent");
    // Old connections stay silent: only new ones get through.
    await new Promise((resolve) => setTimeout(resolve, 500));
    proxy.set(undefined);
    await expect.poll(async () => await store.get("before").catch(() => "away"), { timeout: 20_000 }).toBe("1");
  });

  test("that never responded is reported as silent at once", async () => {
    const { proxy } = await behindProxy();
    proxy.set("silent");
    const store = redisStore({ url: `redis://127.0.0.1:${proxy.port}` });
    closing.push(store.close);
    const { fault, ms } = await tried(async () => await store.get("before"));
    expect([fault, ms < 2500]).toEqual(["silent", true]);
    proxy.set(undefined);
    proxy.cut();
    await expect.poll(async () => await store.get("before").catch(() => "away"), { timeout: 20_000 }).toBe("1");
  });

  test("that is slow, but within the limit, works", async () => {
    const { store, proxy } = await behindProxy();
    proxy.set({ delayMs: 300 });
    const both = await Promise.all([tried(async () => await store.get("before")), tried(store.ping)]);
    expect(both.map(({ fault }) => fault)).toEqual([undefined, undefined]);
    proxy.set({ delayMs: 1500 });
    expect((await tried(async () => await store.get("before"))).fault).toBe("silent");
    proxy.set(undefined);
    await expect.poll(async () => await store.get("before").catch(() => "away")).toBe("1");
  });

  test("whose connections are cut is connected again at once", async () => {
    const { store, proxy } = await behindProxy();
    proxy.cut();
    await expect.poll(async () => await store.get("before").catch(() => "away"), { timeout: 2000 }).toBe("1");
  });

  test("that restarts: calls are refused at once meanwhile, and answered afterwards", async () => {
    const { store, redis } = await behindProxy();
    await redis.stop();
    await expect.poll(async () => (await tried(store.ping)).fault).toBe("unreachable");
    const { ms } = await tried(async () => await store.get("before"));
    expect(ms).toBeLessThan(1000);
    await redis.start();
    await expect.poll(async () => (await tried(store.ping)).fault, { timeout: 20_000 }).toBeUndefined();
    expect(await store.setIfAbsent("a", "1", 1000)).toBeUndefined();
  });

  test("that became a replica: reads work and writes report read-only, until it is the primary again", async () => {
    const { store, redis } = await behindProxy();
    await redis.command("replicaof", "127.0.0.1", "1");
    await redis.command("config", "set", "replica-serve-stale-data", "yes");
    await expect.poll(async () => (await tried(store.ping)).fault).toBe("read-only");
    await expect.poll(async () => await store.get("before").catch(() => "away")).toBe("1");
    const taken = async () => (await tried(async () => await store.setIfAbsent("a", "1", 1000))).fault;
    await expect.poll(taken).toBe("read-only");
    await redis.command("replicaof", "no", "one");
    await expect.poll(async () => (await tried(store.ping)).fault).toBeUndefined();
  });

  test("that is full with noeviction is reported as full, and reads work", async () => {
    const { store, redis } = await behindProxy();
    await redis.command("config", "set", "maxmemory-policy", "noeviction");
    await redis.command("config", "set", "maxmemory", "100kb");
    expect((await tried(store.ping)).fault).toBe("full");
    expect((await tried(async () => await store.setIfAbsent("a", "1", 1000))).fault).toBe("full");
    expect(await store.get("before")).toBe("1");
    await redis.command("config", "set", "maxmemory", "0");
    expect((await tried(store.ping)).fault).toBeUndefined();
  });

  test("rate limits work without it: each copy counts for itself", async () => {
    const { store, proxy, faults } = await behindProxy();
    proxy.set("silent");
    const limit = { capacity: 2, refillMs: 60_000 };
    const taken = [await store.take("a", limit), await store.take("a", limit), await store.take("a", limit)];
    expect(taken.map((ms) => ms > 0)).toEqual([false, false, true]);
    expect(faults).toContain("silent");
  });

  test("with an eviction policy is reported, because it could forget sign-outs", async () => {
    const { store, redis } = await behindProxy();
    expect(await store.whenFull()).toBe("noeviction");
    await redis.command("config", "set", "maxmemory-policy", "allkeys-lru");
    expect(await store.whenFull()).toBe("allkeys-lru");
  });

  test("that needs a password is reported, without any password in the message", async () => {
    const { redis, proxy } = await behindProxy();
    await redis.command("config", "set", "requirepass", "right");
    closing.push(async () => await redis.command("-a", "right", "config", "set", "requirepass", ""));
    const said: string[] = [];
    const store = redisStore({
      url: `redis://:wrong-one@127.0.0.1:${proxy.port}`,
      onError: (error) => said.push(error.fault, error.message),
    });
    closing.push(store.close);
    expect((await tried(store.ping)).fault).toBe("refused");
    expect(said.join(" ")).toContain("refuses the password");
    expect(said.join(" ")).not.toContain("wrong-one");
  });
});
