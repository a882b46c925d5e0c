import { signal } from "@preact/signals-core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type ConnectionState, keepConnected } from "../../src/core/connection.ts";
import { AdapterError } from "../../src/core/errors.ts";
import { bench } from "../support/scope.ts";

interface Tick {
  readonly cursor: string;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function connect(open: (cursor: string | undefined) => AsyncIterable<Tick>) {
  const { platform } = bench();
  const stop = new AbortController();
  const state = signal<ConnectionState>("connecting");
  const seen: string[] = [];
  const cursors: (string | undefined)[] = [];
  const done = keepConnected<Tick>({
    platform,
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
