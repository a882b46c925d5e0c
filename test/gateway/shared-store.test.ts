import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { memoryStore } from "../../src/gateway/index.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the key store in memory", () => {
  test("sets a key once, and returns the existing value to later callers", async () => {
    const store = memoryStore();
    expect(await store.setIfAbsent("a", "1", 1000)).toBeUndefined();
    expect(await store.setIfAbsent("a", "2", 1000)).toBe("1");
    expect(await store.get("a")).toBe("1");
    await store.set("a", "3", 1000);
    expect(await store.get("a")).toBe("3");
    await store.delete("a");
    expect(await store.get("a")).toBeUndefined();
  });

  test("gives several tokens at once, or none; a request above the capacity takes all", async () => {
    const store = memoryStore();
    const limit = { capacity: 10, refillMs: 1000 };
    expect(await store.take("b", limit, 8)).toBe(0);
    expect(await store.take("b", limit, 5)).toBe(3000);
    expect(await store.take("b", limit, 2)).toBe(0);
    expect(await store.take("b", limit, 50)).toBe(10_000);
    vi.advanceTimersByTime(10_000);
    expect(await store.take("b", limit, 50)).toBe(0);
  });

  test("of many concurrent calls that set a key, one succeeds", async () => {
    const store = memoryStore();
    const before = await Promise.all(
      Array.from({ length: 20 }, (_, index) => store.setIfAbsent("a", String(index), 1000)),
    );
    expect(before.filter((value) => value === undefined)).toHaveLength(1);
  });

  test("drops a key when it expires, and not before", async () => {
    const store = memoryStore();
    await store.set("a", "1", 1000);
    vi.advanceTimersByTime(999);
    expect(await store.get("a")).toBe("1");
    vi.advanceTimersByTime(1);
    expect(await store.get("a")).toBeUndefined();
    expect(await store.setIfAbsent("a", "2", 1000)).toBeUndefined();
  });

  test("gives tokens until the bucket is empty, then says how long to wait", async () => {
    const store = memoryStore();
    const limit = { capacity: 2, refillMs: 1000 };
    expect([await store.take("b", limit), await store.take("b", limit)]).toEqual([0, 0]);
    expect(await store.take("b", limit)).toBe(1000);
    vi.advanceTimersByTime(400);
    expect(await store.take("b", limit)).toBe(600);
    vi.advanceTimersByTime(600);
    expect(await store.take("b", limit)).toBe(0);
    expect(await store.take("b", limit)).toBe(1000);
    expect(await store.take("another", limit)).toBe(0);
    vi.advanceTimersByTime(1_000_000);
    expect([await store.take("b", limit), await store.take("b", limit)]).toEqual([0, 0]);
    expect(await store.take("b", limit)).toBe(1000);
  });

  test("drops no sign-out for lack of space, whatever is written meanwhile", async () => {
    const store = memoryStore();
    await store.set("revoked:1", "1", 3_600_000);
    for (let index = 0; index < 20; index += 1) {
      // oxlint-disable-next-line no-await-in-loop -- in order
      await store.set(`once:${index}`, "x".repeat(8 * 1024 * 1024), 3_600_000);
    }
    expect(await store.get("revoked:1")).toBe("1");
  });

  test("is bounded: the oldest outcome of a write is dropped first", async () => {
    const store = memoryStore();
    const megabytes = "x".repeat(4 * 1024 * 1024);
    for (let index = 0; index < 20; index += 1) {
      // oxlint-disable-next-line no-await-in-loop -- in order
      await store.set(`once:${index}`, megabytes, 3_600_000);
    }
    expect(await store.get("once:0")).toBeUndefined();
    expect(await store.get("once:19")).toBe(megabytes);
  });
});
