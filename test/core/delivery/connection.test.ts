import { signal } from "@preact/signals-core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type ConnectionState, keepConnected } from "../../../src/core/delivery/connection.ts";
import { AdapterError } from "../../../src/core/contract/errors.ts";
import { memoryStorage } from "../../../src/core/delivery/storage.ts";
import { bench } from "../../support/scope.ts";
import { tabs } from "../../support/tabs.ts";

interface Tick {
  readonly cursor: string;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function connect(open: (cursor: string | undefined) => AsyncIterable<Tick>, tab = memoryStorage(), start?: string) {
  const { platform } = bench();
  const stop = new AbortController();
  const state = signal<ConnectionState>("connecting");
  const seen: string[] = [];
  const cursors: (string | undefined)[] = [];
  const done = keepConnected<Tick>({
    platform,
    storage: tab,
    name: "ticks",
    ...(start && { cursor: start }),
    state,
    signal: stop.signal,
    open(cursor) {
      cursors.push(cursor);
      return open(cursor);
    },
    onEvent: (event) => seen.push(event.cursor),
  });
  return { stop, state, seen, cursors, done };
}

test("a lost connection goes on from the last cursor that was seen", async () => {
  let attempt = 0;
  const link = connect(async function* () {
    attempt += 1;
    if (attempt === 1) {
      yield { cursor: "1" };
      yield { cursor: "2" };
      throw new AdapterError("network", "reset");
    }
    yield { cursor: "3" };
    await new Promise(() => undefined);
  });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(link.seen).toEqual(["1", "2", "3"]);
  expect(link.cursors).toEqual([undefined, "2"]);
  expect(link.state.value).toBe("live");
  link.stop.abort();
});

test("a cursor that the desk no longer knows is given up: the stream begins anew", async () => {
  const link = connect(
    async function* (cursor) {
      if (cursor !== undefined) throw new AdapterError("invalid", "no cursor, or too old");
      yield { cursor: "9" };
      await new Promise(() => undefined);
    },
    memoryStorage(),
    "1",
  );
  await vi.advanceTimersByTimeAsync(60_000);
  expect(link.cursors).toEqual(["1", undefined]);
  expect(link.seen).toEqual(["9"]);
  expect(link.state.value).toBe("live");
  link.stop.abort();
});

test("a stream that ends by itself is opened again, later and later", async () => {
  const times: number[] = [];
  const link = connect(async function* () {
    times.push(Date.now());
  });
  await vi.advanceTimersByTimeAsync(20_000);
  const gaps = times.slice(1).map((time, index) => time - times[index]!);
  expect(gaps.slice(0, 4)).toEqual([250, 500, 1_000, 2_000]);
  expect(link.state.value).toBe("lost");
  link.stop.abort();
  await link.done;
});

test("a stream that is cut after each first event is opened later and later too", async () => {
  let last = 0;
  const link = connect(async function* () {
    yield { cursor: String((last += 1)) };
  });
  await vi.advanceTimersByTimeAsync(5 * 60_000);
  expect(link.cursors.length).toBeLessThan(30);
  expect(link.seen).toHaveLength(link.cursors.length);
  link.stop.abort();
});

test("a stream that has worked for a while is opened again at once when it is lost", async () => {
  const opened: number[] = [];
  const link = connect(async function* () {
    opened.push(Date.now());
    yield { cursor: String(opened.length) };
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  });
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  expect(opened.length).toBeGreaterThanOrEqual(9);
  link.stop.abort();
});

test("what no later try would change ends it", async () => {
  const link = connect(async function* () {
    throw new AdapterError("not-found", "no such conversation");
  });
  await expect(link.done).rejects.toMatchObject({ code: "not-found" });
  expect(link.cursors).toHaveLength(1);
});

test("after the abort nothing is opened again", async () => {
  const link = connect(async function* () {
    throw new AdapterError("network", "down");
  });
  await vi.advanceTimersByTimeAsync(1_000);
  link.stop.abort();
  await link.done;
  const { length } = link.cursors;
  await vi.advanceTimersByTimeAsync(120_000);
  expect(link.cursors).toHaveLength(length);
  expect(vi.getTimerCount()).toBe(0);
});

/** A server that counts up, a tick a second, and its streams. */
function clock() {
  let newest = 0;
  let open = 0;
  return {
    open: () => open,
    tick: () => (newest += 1),
    async *stream(cursor: string | undefined, signal: AbortSignal): AsyncGenerator<Tick> {
      open += 1;
      try {
        for (let at = cursor === undefined ? newest : Number(cursor); !signal.aborted;) {
          if (at < newest) yield { cursor: String((at += 1)) };
          else await new Promise((resolve) => setTimeout(resolve, 10));
        }
      } finally {
        open -= 1;
      }
    },
  };
}

test("all tabs have one stream; when its tab is closed another one goes on, and nothing is missed or doubled", async () => {
  const openTab = tabs();
  const server = clock();
  const start = () => {
    const stop = new AbortController();
    const link = connect((cursor) => server.stream(cursor, stop.signal), openTab());
    return { ...link, close: () => (stop.abort(), link.stop.abort()) };
  };
  const [first, second] = [start(), start()];
  await vi.advanceTimersByTimeAsync(100);
  for (let count = 0; count < 3; count++) {
    server.tick();
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(server.open()).toBe(1);
  expect([first.seen, second.seen]).toEqual([
    ["1", "2", "3"],
    ["1", "2", "3"],
  ]);
  expect([first.state.value, second.state.value]).toEqual(["live", "live"]);
  first.close();
  server.tick();
  await vi.advanceTimersByTimeAsync(2_000);
  server.tick();
  await vi.advanceTimersByTimeAsync(100);
  expect(server.open()).toBe(1);
  expect(second.seen).toEqual(["1", "2", "3", "4", "5"]);
  expect(second.cursors).toEqual(["3"]);
  second.close();
});

test("a tab that comes later is told what came between what it has read and its coming, and no other tab is", async () => {
  const openTab = tabs();
  const server = clock();
  const stop = new AbortController();
  const first = connect((cursor) => server.stream(cursor, stop.signal), openTab());
  await vi.advanceTimersByTimeAsync(100);
  for (let count = 0; count < 3; count++) server.tick();
  await vi.advanceTimersByTimeAsync(100);
  const second = connect((cursor) => server.stream(cursor, stop.signal), openTab(), "1");
  await vi.advanceTimersByTimeAsync(100);
  expect(second.seen).toEqual(["2", "3"]);
  expect(first.seen).toEqual(["1", "2", "3"]);
  expect(second.state.value).toBe("live");
  stop.abort();
  first.stop.abort();
  second.stop.abort();
});

test("a tab that was put to sleep with the stream loses it to one that is awake, and takes its turn when it wakes", async () => {
  const openTab = tabs();
  const server = clock();
  const [asleep, awake] = [openTab(), openTab()];
  const stop = new AbortController();
  const first = connect((cursor) => server.stream(cursor, stop.signal), asleep);
  await vi.advanceTimersByTimeAsync(100);
  server.tick();
  await vi.advanceTimersByTimeAsync(100);
  asleep.sleep();
  const second = connect((cursor) => server.stream(cursor, stop.signal), awake, "1");
  await vi.advanceTimersByTimeAsync(11_000);
  server.tick();
  await vi.advanceTimersByTimeAsync(100);
  expect(second.seen).toEqual(["2"]);
  asleep.sleep(false);
  await vi.advanceTimersByTimeAsync(20_000);
  server.tick();
  await vi.advanceTimersByTimeAsync(100);
  expect(second.seen).toEqual(["2", "3"]);
  expect(first.seen.at(-1)).toBe("3");
  expect(second.cursors).toEqual(["1"]);
  stop.abort();
  first.stop.abort();
  second.stop.abort();
});
