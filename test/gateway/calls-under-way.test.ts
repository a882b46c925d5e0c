import { expect, test } from "vitest";
import { createCallsUnderWay } from "../../src/gateway/calls-under-way.ts";

test("running calls are awaited, whether they succeed or fail, and those of other members are not", async () => {
  const calls = createCallsUnderWay();
  const { signal } = new AbortController();
  let fail: (error: Error) => void = () => undefined;
  const running = calls.run("a", () => new Promise<never>((_, reject) => (fail = reject))).catch(() => "failed");
  void calls.run("b", () => new Promise(() => undefined));
  let isOver = false;
  const ended = calls.ended("a", signal).then(() => (isOver = true));
  await Promise.resolve();
  expect(isOver).toBe(false);
  fail(new Error("no"));
  expect([await running, await ended]).toEqual(["failed", true]);
});

test("a call that never ends delays nobody beyond the deadline", async () => {
  const calls = createCallsUnderWay();
  void calls.run("a", () => new Promise(() => undefined));
  await expect(calls.ended("a", AbortSignal.timeout(10))).rejects.toThrow("timeout");
});
