import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { withLease } from "../../../src/core/delivery/lease.ts";
import { bench } from "../../support/scope.ts";
import { type Tab, tabs } from "../../support/tabs.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What each tab does with the lease, in the order in which it happens. */
function desk() {
  const log: string[] = [];
  const done: Promise<unknown>[] = [];
  return {
    log,
    done,
    /** The tab takes the lease and works until it is told to stop, or loses it. */
    work(name: string, tab: Tab, signal: AbortSignal = new AbortController().signal) {
      let stop: () => void = () => undefined;
      const platform = { ...bench().platform, now: () => Date.now() };
      const working = withLease({ platform, storage: tab, name: "work", signal }, async (held) => {
        log.push(`${name} begins`);
        await new Promise<void>((resolve) => {
          stop = resolve;
          held.addEventListener("abort", () => resolve(), { once: true });
        });
        log.push(held.aborted ? `${name} loses it` : `${name} ends`);
        return name;
      });
      done.push(working.catch(() => undefined));
      return { working, stop: () => stop() };
    },
  };
}

test("one tab has it at a time; the next one has its turn when the first is done", async () => {
  const openTab = tabs();
  const { log, work } = desk();
  const first = work("first", openTab());
  const second = work("second", openTab());
  await vi.advanceTimersByTimeAsync(1_000);
  expect(log).toEqual(["first begins"]);
  first.stop();
  await vi.advanceTimersByTimeAsync(0);
  second.stop();
  expect(await Promise.all([first.working, second.working])).toEqual(["first", "second"]);
  expect(log).toEqual(["first begins", "first ends", "second begins", "second ends"]);
  expect(vi.getTimerCount()).toBe(0);
});

test("a holder that is awake keeps it, however long it takes", async () => {
  const openTab = tabs();
  const { log, work } = desk();
  work("first", openTab());
  work("second", openTab());
  await vi.advanceTimersByTimeAsync(30 * 60_000);
  expect(log).toEqual(["first begins"]);
});

test("a suspended holder loses it to a tab that is awake, and stops when it hears of that", async () => {
  const openTab = tabs();
  const { log, work } = desk();
  const asleep = openTab();
  work("first", asleep);
  await vi.advanceTimersByTimeAsync(100);
  asleep.sleep();
  work("second", openTab());
  await vi.advanceTimersByTimeAsync(12_000);
  expect(log).toEqual(["first begins", "second begins", "first loses it"]);
});

test("a tab that lost it has another turn when the thief is done, and two tabs never work at once", async () => {
  const openTab = tabs();
  const { log, work } = desk();
  const asleep = openTab();
  const first = work("first", asleep);
  await vi.advanceTimersByTimeAsync(100);
  asleep.sleep();
  const second = work("second", openTab());
  await vi.advanceTimersByTimeAsync(12_000);
  asleep.sleep(false);
  await vi.advanceTimersByTimeAsync(60_000);
  second.stop();
  await vi.advanceTimersByTimeAsync(0);
  first.stop();
  expect(await first.working).toBe("first");
  expect(log).toEqual(["first begins", "second begins", "first loses it", "second ends", "first begins", "first ends"]);
});

test("a tab that was suspended itself does not take it from a holder that it could not hear", async () => {
  const openTab = tabs();
  const { log, work } = desk();
  work("first", openTab());
  const waiting = openTab();
  work("second", waiting);
  await vi.advanceTimersByTimeAsync(7_000);
  waiting.sleep();
  // Its timers stand still while the clock goes on.
  vi.setSystemTime(Date.now() + 10 * 60_000);
  waiting.sleep(false);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(log).toEqual(["first begins"]);
});

test("who gives up waiting gets the reason, and never runs", async () => {
  const openTab = tabs();
  const { log, work } = desk();
  const first = work("first", openTab());
  const giveUp = new AbortController();
  const second = work("second", openTab(), giveUp.signal);
  giveUp.abort(new Error("closed"));
  await expect(second.working).rejects.toThrow("closed");
  first.stop();
  await first.working;
  await vi.advanceTimersByTimeAsync(0);
  expect(log).toEqual(["first begins", "first ends"]);
});

test("what fails while it is held is the caller's, and the next one has its turn", async () => {
  const openTab = tabs();
  const { log, work } = desk();
  const options = {
    platform: bench().platform,
    storage: openTab(),
    name: "work",
    signal: new AbortController().signal,
  };
  const failing = withLease(options, async () => {
    throw new RangeError("no");
  });
  const next = work("next", openTab());
  await expect(failing).rejects.toThrow(RangeError);
  await vi.advanceTimersByTimeAsync(0);
  next.stop();
  expect(await next.working).toBe("next");
  expect(log).toEqual(["next begins", "next ends"]);
});
