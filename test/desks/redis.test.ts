import { afterEach, describe, expect, inject, test } from "vitest";
import { createServer } from "node:net";
import { isStoreError, redisStore, type RedisStore } from "../../src/gateway/index.ts";
import { installed } from "./installed.ts";

const stores: RedisStore[] = [];
afterEach(() => {
  for (const store of stores.splice(0)) store.close();
});

function open(prefix: string, url = installed("redis")?.["URL"] ?? ""): RedisStore {
  const store = redisStore({ url, prefix, onError: () => undefined });
  stores.push(store);
  return store;
}

describe.skipIf(!inject("desks").includes("redis"))("the store in Redis, shared by two copies of a gateway", () => {
  const pair = () => {
    const prefix = `test-${crypto.randomUUID()}:`;
    return [open(prefix), open(prefix)] as const;
  };

  test("sets a key once, and returns its value to later callers", async () => {
    const [one, two] = pair();
    expect(await one.setIfAbsent("a", "1", 60_000)).toBeUndefined();
    expect(await two.setIfAbsent("a", "2", 60_000)).toBe("1");
    expect(await two.get("a")).toBe("1");
    await two.set("a", "3", 60_000);
    expect(await one.get("a")).toBe("3");
    await one.delete("a");
    expect(await two.get("a")).toBeUndefined();
  });

  test("if many callers at two copies set a key concurrently, one succeeds", async () => {
    const both = pair();
    const before = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => await both[index % 2]?.setIfAbsent("a", String(index), 60_000)),
    );
    expect(before.filter((value) => value === undefined)).toHaveLength(1);
  });

  test("accepts a lifetime with a fraction, and one longer than Redis allows", async () => {
    const [one, two] = pair();
    await one.set("a", "1", 60_000.5);
    expect(await one.setIfAbsent("b", "2", Number.MAX_VALUE)).toBeUndefined();
    expect([await two.get("a"), await two.get("b")]).toEqual(["1", "2"]);
  });

  test("forgets a key at the end of its lifetime", async () => {
    const [one, two] = pair();
    await one.set("a", "1", 50);
    await expect.poll(async () => await two.get("a")).toBeUndefined();
    expect(await two.setIfAbsent("a", "2", 60_000)).toBeUndefined();
  });

  test("gives both copies tokens from one bucket until it is empty, then returns how long to wait", async () => {
    const [one, two] = pair();
    const limit = { capacity: 10, refillMs: 60_000 };
    const taken = await Promise.all(
      Array.from({ length: 30 }, async (_, index) => await (index % 2 === 0 ? one : two).take("b", limit)),
    );
    expect(taken.filter((ms) => ms === 0)).toHaveLength(10);
    for (const ms of taken.filter((each) => each > 0)) expect(ms).toBeLessThanOrEqual(60_000);
    expect(await two.take("another", limit)).toBe(0);
    const quick = { capacity: 1, refillMs: 20 };
    expect(await one.take("c", quick)).toBe(0);
    await expect.poll(async () => await two.take("c", quick), { interval: 25 }).toBe(0);
  });

  test("a message reaches every copy that is subscribed, until it unsubscribes", async () => {
    const [one, two] = pair();
    const heard: string[] = [];
    const stop = two.subscribe("hook", (text) => heard.push(`two ${text}`));
    one.subscribe("hook", (text) => heard.push(`one ${text}`));
    await expect
      .poll(async () => {
        await one.publish("hook", "x");
        return new Set(heard);
      })
      .toEqual(new Set(["one x", "two x"]));
    stop();
    await two.publish("hook", "y");
    await expect.poll(() => heard).toContain("one y");
    await two.publish("hook", "z");
    await expect.poll(() => heard).toContain("one z");
    expect(heard).not.toContain("two z");
  });
});

test("an unreachable Redis is reported as unavailable", async () => {
  const free = createServer();
  await new Promise<void>((resolve) => free.listen(0, "127.0.0.1", resolve));
  const address = free.address();
  const port = typeof address === "object" && address ? address.port : 0;
  await new Promise((resolve) => free.close(resolve));
  const store = open("x:", `redis://127.0.0.1:${port}`);
  const error: unknown = await store.get("a").catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "unavailable", status: 503, retryAfterMs: 2000 });
  const cause = error instanceof Error ? error.cause : undefined;
  expect(isStoreError(cause) && [cause.fault, cause.message]).toEqual([
    "unreachable",
    `Redis at 127.0.0.1:${port} cannot be reached (ECONNREFUSED)`,
  ]);
  await expect(store.ping()).rejects.toThrow("is unreachable");
});
