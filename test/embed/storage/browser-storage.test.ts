import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { browserStorage } from "../../../src/embed/storage/browser-storage.ts";

/** test/browser/storage.test.ts tests its normal operation in a real browser. */

const open = new Set<object>();
const posted: unknown[] = [];

class Channel {
  constructor() {
    open.add(this);
  }
  addEventListener() {}
  postMessage(message: unknown) {
    posted.push(message);
  }
  close() {
    open.delete(this);
  }
}

beforeEach(() => {
  open.clear();
  posted.length = 0;
  vi.stubGlobal("BroadcastChannel", Channel);
});
afterEach(() => void vi.unstubAllGlobals());

const never = new AbortController().signal;

test("nothing is opened before it is used", () => {
  browserStorage("podpora:test");
  expect(open.size).toBe(0);
});

test("a database that never answers counts as refusing", async () => {
  vi.useFakeTimers();
  vi.stubGlobal("indexedDB", { open: () => ({}) });
  const storage = browserStorage("podpora:test");
  const calls = [storage.get("a"), storage.keys(""), storage.set("a", 1), storage.clear("a")];
  const failed = Promise.allSettled(calls);
  await vi.advanceTimersByTimeAsync(6_000);
  expect((await failed).map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected", "rejected"]);
  vi.useRealTimers();
});

describe("a browser without these APIs, or with refusing ones", () => {
  const refuse = () => {
    throw new DOMException("refused", "SecurityError");
  };

  test("rejects reads and writes, whose callers continue in memory", async () => {
    const storage = browserStorage("podpora:test");
    await expect(storage.get("a")).rejects.toThrow("indexedDB");
    await expect(storage.set("a", 1)).rejects.toThrow("indexedDB");
    await expect(storage.update("a", () => 1)).rejects.toThrow("indexedDB");
    await expect(storage.clear("a")).rejects.toThrow("indexedDB");
    await expect(storage.keys("")).rejects.toThrow("indexedDB");
  });

  test("without a channel every tab works alone, and nothing throws", () => {
    vi.stubGlobal("BroadcastChannel", refuse);
    const storage = browserStorage("podpora:test");
    storage.watch("a", () => undefined)();
    storage.subscribe("a", () => undefined)();
    storage.publish("a", 1);
    storage.close();
    storage.publish("a", 1);
  });

  test("a message that can't be sent throws nothing", () => {
    vi.spyOn(Channel.prototype, "postMessage").mockImplementation(refuse);
    browserStorage("podpora:test").publish("a", () => undefined);
    vi.restoreAllMocks();
  });

  test("without locks, and with refusing locks, the work runs anyway", async () => {
    vi.stubGlobal("navigator", {});
    expect(await browserStorage("podpora:test").withLock("a", never, async () => "ran")).toBe("ran");
    vi.stubGlobal("navigator", { locks: { request: async () => refuse() } });
    expect(await browserStorage("podpora:test").withLock("a", never, async () => "ran")).toBe("ran");
  });
});

describe("close()", () => {
  test("closes the channel, and opens none again", () => {
    const storage = browserStorage("podpora:test");
    storage.watch("a", () => undefined);
    expect(open.size).toBe(1);
    storage.close();
    storage.watch("a", () => undefined);
    expect(open.size).toBe(0);
  });

  test("pending writes are announced to the other tabs, and their channel is closed again", () => {
    const storage = browserStorage("podpora:test");
    storage.close();
    storage.publish("topic", "last words");
    expect(posted).toEqual([{ topic: "topic", message: "last words" }]);
    expect(open.size).toBe(0);
  });
});
