import { expect, test, vi } from "vitest";
import { channel, type Sink } from "../../src/adapter/channel.ts";

function opened(signal = new AbortController().signal) {
  const undo = vi.fn<() => void>();
  let sink: Sink<number> | undefined;
  const values = channel<number>((given) => {
    sink = given;
    return undo;
  }, signal);
  return { undo, values, sink: () => sink };
}

test("values pushed before, while and after the reader waits arrive in order", async () => {
  const { values, sink, undo } = opened();
  const first = values.next();
  sink()?.push(1);
  expect(await first).toEqual({ done: false, value: 1 });
  sink()?.push(2);
  sink()?.push(3);
  sink()?.end();
  sink()?.push(4);
  const rest: number[] = [];
  for await (const value of values) rest.push(value);
  expect(rest).toEqual([2, 3]);
  expect(undo).toHaveBeenCalledOnce();
});

test("an error ends it by throwing, after the values pushed before", async () => {
  const { values, sink, undo } = opened();
  const first = values.next();
  sink()?.push(1);
  sink()?.end(new Error("lost"));
  expect((await first).value).toBe(1);
  await expect(values.next()).rejects.toThrow("lost");
  expect(undo).toHaveBeenCalledOnce();
});

test("an abort ends it while it waits, and unsubscribes", async () => {
  const abort = new AbortController();
  const { values, undo } = opened(abort.signal);
  const waiting = values.next();
  abort.abort();
  expect(await waiting).toEqual({ done: true, value: undefined });
  expect(undo).toHaveBeenCalledOnce();
});

test("aborted before, it never subscribes", async () => {
  const { values, sink } = opened(AbortSignal.abort());
  expect((await values.next()).done).toBe(true);
  expect(sink()).toBeUndefined();
});

test("a reader who stops unsubscribes", async () => {
  const { values, sink, undo } = opened();
  const first = values.next();
  sink()?.push(1);
  await first;
  await values.return();
  expect(undo).toHaveBeenCalledOnce();
});
