import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createCached, createSingleFlight } from "../../src/adapter/concurrency.ts";

const never = new AbortController().signal;

/** Returns how often it was called. */
function counting(): () => Promise<number> {
  let calls = 0;
  return async () => (calls += 1);
}

describe("shared work", () => {
  test("runs once for concurrent callers, and again for later ones", async () => {
    const running = createSingleFlight<number>();
    const begin = counting();
    expect(await Promise.all([1, 2, 3].map(async () => await running.join(["a"], never, begin)))).toEqual([1, 1, 1]);
    expect(await running.join(["a"], never, begin)).toBe(2);
  });

  test("is distinguished by each part of its key", async () => {
    const running = createSingleFlight<string>();
    const keys = [["a", "b"], ["ab"], ['a","b'], ["a", "b", ""]];
    const made = await Promise.all(keys.map(async (key, at) => await running.join(key, never, async () => `${at}`)));
    expect(made).toEqual(["0", "1", "2", "3"]);
  });

  test("continues for the others when one aborts, who gets the reason", async () => {
    const running = createSingleFlight<string>();
    let resolve: (value: string) => void = () => undefined;
    const promise = new Promise<string>((settle) => {
      resolve = settle;
    });
    const abort = new AbortController();
    const [one, two] = [running.join(["a"], abort.signal, () => promise), running.join(["a"], never, () => promise)];
    const reason = new Error("closed");
    abort.abort(reason);
    await expect(one).rejects.toBe(reason);
    resolve("done");
    expect(await two).toBe("done");
  });

  test("is not started for a caller who has already aborted", async () => {
    const begin = vi.fn<() => Promise<number>>(async () => 1);
    const reason = new Error("closed");
    await expect(createSingleFlight<number>().join(["a"], AbortSignal.abort(reason), begin)).rejects.toBe(reason);
    expect(begin).not.toHaveBeenCalled();
  });
});

describe("a cached value", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("is read once for all, and again when it is old", async () => {
    const read = counting();
    const kept = createCached(1000, read);
    expect(await Promise.all([kept(never), kept(never)])).toEqual([1, 1]);
    vi.advanceTimersByTime(999);
    expect(await kept(never)).toBe(1);
    vi.advanceTimersByTime(1);
    expect(await kept(never)).toBe(2);
  });

  test("is read again after a failure", async () => {
    const read = vi.fn<() => Promise<string>>().mockRejectedValueOnce(new Error("away")).mockResolvedValue("here");
    const kept = createCached(1000, read);
    await expect(kept(never)).rejects.toThrow("away");
    expect(await kept(never)).toBe("here");
  });
});
