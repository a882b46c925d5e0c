import { signal } from "@preact/signals-core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { StreamContext } from "../../../src/core/contract/adapter.ts";
import { AdapterError } from "../../../src/core/contract/errors.ts";
import { type ConnectionState, keepConnected } from "../../../src/core/delivery/connection.ts";
import { memoryStorage } from "../../../src/core/delivery/storage.ts";
import { bench } from "../../support/scope.ts";
import { tabs } from "../../support/tabs.ts";

interface Tick {
  readonly cursor: string;
}
type Open = (cursor: string | undefined, ctx: StreamContext) => AsyncIterable<Tick>;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Connecting {
  readonly tab?: ReturnType<typeof memoryStorage>;
  readonly poll?: () => Promise<void>;
  readonly fromStart?: boolean;
  readonly cursor?: string;
}

function connect(open: Open, { tab = memoryStorage(), ...more }: Connecting = {}) {
  const { platform } = bench();
  const stop = new AbortController();
  const state = signal<ConnectionState>("connecting");
  const states: ConnectionState[] = [];
  state.subscribe((now) => void (states.at(-1) !== now && states.push(now)));
  const seen: string[] = [];
  const opened: number[] = [];
  const gap = vi.fn<() => void>();
  void keepConnected<Tick>({
    platform: { ...platform, now: () => Date.now() },
    storage: tab,
    name: "ticks",
    state,
    signal: stop.signal,
    open(cursor, ctx) {
      opened.push(Date.now());
      return open(cursor, ctx);
    },
    onEvent: (event) => seen.push(event.cursor),
    onGap: gap,
    ...more,
  });
  return { state, states, seen, opened, gap, close: () => stop.abort() };
}

const until = (ctx: StreamContext) =>
  new Promise<void>((resolve) => ctx.signal.addEventListener("abort", () => resolve(), { once: true }));

/** The head of the answer arrives, and none of its bytes. */
const heldBack: Open = async function* (_cursor, ctx) {
  await until(ctx);
};
/** Accepted, and cut at once. */
const cut: Open = async function* (_cursor, ctx) {
  ctx.onConnected?.();
  await new Promise((resolve) => setTimeout(resolve, 5));
};
const quiet: Open = async function* (_cursor, ctx) {
  ctx.onConnected?.();
  await until(ctx);
};

describe("a stream that is accepted and then cut", () => {
  test("is opened later and later, and the member is told", async () => {
    const link = connect(cut);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(link.opened.length).toBeLessThan(12);
    expect(link.states).toEqual(["connecting", "lost"]);
    link.close();
  });

  test("is replaced by plain requests where there are some", async () => {
    const poll = vi.fn<() => Promise<void>>(async () => undefined);
    const link = connect(cut, { poll });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(link.states).toEqual(["connecting", "polling"]);
    expect(poll.mock.calls.length).toBeGreaterThan(8);
    expect(poll.mock.calls.length).toBeLessThan(15);
    link.close();
  });
});

describe("a stream that is held back on its way", () => {
  test("is replaced by plain requests after ten seconds, until one works: then what was missed is read again", async () => {
    const poll = vi.fn<() => Promise<void>>(async () => undefined);
    let works = false;
    const link = connect(
      async function* (_cursor, ctx) {
        if (!works) {
          await new Promise<void>((resolve) => setTimeout(resolve, 35_000));
          throw new AdapterError("network", "nothing was heard for 35000 ms");
        }
        yield { cursor: "1" };
        await until(ctx);
      },
      { poll },
    );
    await vi.advanceTimersByTimeAsync(9_000);
    expect([poll.mock.calls.length, link.state.value]).toEqual([0, "connecting"]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect([poll.mock.calls.length, link.state.value]).toEqual([1, "polling"]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(link.states).toEqual(["connecting", "polling"]);
    works = true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(link.states).toEqual(["connecting", "polling", "live"]);
    expect(link.gap).toHaveBeenCalledOnce();
    const { length } = poll.mock.calls;
    await vi.advanceTimersByTimeAsync(60_000);
    expect([link.seen, poll.mock.calls.length]).toEqual([["1"], length]);
    link.close();
  });

  test("while nothing else gets through either is a lost connection, tried less and less often", async () => {
    const poll = vi.fn<() => Promise<void>>(async () => {
      throw new AdapterError("network", "no route");
    });
    const link = connect(heldBack, { poll });
    await vi.advanceTimersByTimeAsync(70_000);
    expect(link.states).toEqual(["connecting", "lost"]);
    expect(poll.mock.calls.length).toBeLessThan(10);
    poll.mockResolvedValue(undefined);
    await vi.advanceTimersByTimeAsync(40_000);
    expect(link.state.value).toBe("polling");
    link.close();
  });

  test("is replaced in every tab, and each of them hears that it works again", async () => {
    const openTab = tabs();
    let works = false;
    const stream: Open = async function* (_cursor, ctx) {
      if (!works) {
        await new Promise<void>((resolve) => setTimeout(resolve, 35_000));
        return;
      }
      yield { cursor: "1" };
      await until(ctx);
    };
    const polls = [
      vi.fn<() => Promise<void>>(async () => undefined),
      vi.fn<() => Promise<void>>(async () => undefined),
    ];
    const links = polls.map((poll) => connect(stream, { tab: openTab(), poll }));
    await vi.advanceTimersByTimeAsync(12_000);
    expect(links.map(({ state }) => state.value)).toEqual(["polling", "polling"]);
    expect(polls.map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
    works = true;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(links.map(({ state }) => state.value)).toEqual(["live", "live"]);
    expect(links.map(({ seen }) => seen)).toEqual([["1"], ["1"]]);
    expect(links.map(({ gap }) => gap.mock.calls.length)).toEqual([1, 1]);
    for (const { close } of links) close();
  });

  test("leaves nothing running when the widget goes", async () => {
    const link = connect(heldBack, { poll: async () => undefined });
    await vi.advanceTimersByTimeAsync(20_000);
    link.close();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});

test("a stream on which nothing happens is live after ten seconds, and nothing is asked for besides", async () => {
  const poll = vi.fn<() => Promise<void>>(async () => undefined);
  const link = connect(quiet, { poll });
  await vi.advanceTimersByTimeAsync(11_000);
  expect(link.state.value).toBe("live");
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  expect([poll.mock.calls.length, link.opened.length]).toEqual([0, 1]);
  link.close();
});

describe("what changes before the stream listens is read again", () => {
  /** Listens after two seconds, from what is then the end. */
  const late: Open = async function* (_cursor, ctx) {
    ctx.onConnected?.();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    ctx.onPosition?.("7");
    await until(ctx);
  };

  test("once, as soon as it listens", async () => {
    const link = connect(late);
    await vi.advanceTimersByTimeAsync(1_900);
    expect(link.gap).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(200);
    expect(link.gap).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(link.gap).toHaveBeenCalledOnce();
    link.close();
  });

  test("in every tab that was there before, and in none that comes later", async () => {
    const openTab = tabs();
    const [first, second] = [connect(late, { tab: openTab() }), connect(late, { tab: openTab() })];
    await vi.advanceTimersByTimeAsync(3_000);
    const third = connect(late, { tab: openTab() });
    await vi.advanceTimersByTimeAsync(60_000);
    expect([first, second, third].map(({ gap }) => gap.mock.calls.length)).toEqual([1, 1, 0]);
    for (const { close } of [first, second, third]) close();
  });

  test("after ten seconds where a desk does not say from where it tells", async () => {
    const link = connect(quiet);
    await vi.advanceTimersByTimeAsync(11_000);
    expect(link.gap).toHaveBeenCalledOnce();
    link.close();
  });

  test("and not where the stream goes on from what was read", async () => {
    const link = connect(late, { cursor: "5" });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(link.gap).not.toHaveBeenCalled();
    link.close();
  });
});

test("one lost connection is not worth a word to the member", async () => {
  let attempt = 0;
  const link = connect(async function* (_cursor, ctx) {
    attempt += 1;
    if (attempt === 1) throw new AdapterError("network", "reset");
    yield { cursor: "1" };
    await until(ctx);
  });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(link.states).toEqual(["connecting", "live"]);
  link.close();
});

describe("at a desk that tells everything by the stream", () => {
  const all = Array.from({ length: 5 }, (_, index) => ({ cursor: String(index + 1) }));
  const stream: Open = async function* (cursor, ctx) {
    for (const event of all) {
      if (ctx.signal.aborted) return;
      if (cursor === undefined || Number(event.cursor) > Number(cursor)) yield event;
    }
    await until(ctx);
  };

  test("a tab that comes after the one with the stream has changed sees all of it", async () => {
    const openTab = tabs();
    const start = () => connect(stream, { tab: openTab(), fromStart: true });
    const first = start();
    await vi.advanceTimersByTimeAsync(100);
    const second = start();
    await vi.advanceTimersByTimeAsync(100);
    first.close();
    await vi.advanceTimersByTimeAsync(1_000);
    const third = start();
    await vi.advanceTimersByTimeAsync(60_000);
    const whole = all.map(({ cursor }) => cursor);
    expect(new Set(third.seen)).toEqual(new Set(whole));
    expect([first.seen, third.seen]).toEqual([whole, whole]);
    second.close();
    third.close();
  });

  test("a tab that comes when more has been said than is kept sees all of it", async () => {
    const many = Array.from({ length: 500 }, (_, index) => ({ cursor: String(index + 1) }));
    const long: Open = async function* (cursor, ctx) {
      for (const event of many) {
        if (ctx.signal.aborted) return;
        if (cursor === undefined || Number(event.cursor) > Number(cursor)) yield event;
      }
      await until(ctx);
    };
    const openTab = tabs();
    const first = connect(long, { tab: openTab(), fromStart: true });
    await vi.advanceTimersByTimeAsync(100);
    const second = connect(long, { tab: openTab(), fromStart: true });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(second.seen).toHaveLength(500);
    first.close();
    second.close();
  });
});
