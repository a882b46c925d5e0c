import { createHmac } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { requestTracker } from "../../src/adapters/request-tracker/index.ts";
import { withGateway } from "../../src/testing/index.ts";
import { fakeRt } from "./fake-rt.ts";

const SECRET = "a secret of 32 bytes, or of more.";
const options = { url: "https://rt.example.org", token: "1-29-abcdef", queue: "Support", hookSecret: SECRET };
const ana = { id: "ana", email: "ana@example.org" };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const hookOf = () => requestTracker(options).hooks!["request-tracker"]!;
const signed = (body: string | Uint8Array) =>
  new Headers({ "X-Podpora-Signature": `sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}` });
const seconds = () => Math.floor(Date.now() / 1000);

test("a web hook with a time is accepted once: a replay triggers nothing", async () => {
  const hook = hookOf();
  const body = JSON.stringify({ ticket: 7, at: seconds() });
  expect(await hook.accept(signed(body), body)).toBe('{"ticket":7}');
  expect(await hook.accept(signed(body), body)).toBeUndefined();
  const capitals = new Headers({
    "X-Podpora-Signature": signed(body)
      .get("X-Podpora-Signature")!
      .replace(/[a-f0-9]{64}/, (hex) => hex.toUpperCase()),
  });
  expect(await hook.accept(capitals, body)).toBeUndefined();
  vi.advanceTimersByTime(2000);
  const next = JSON.stringify({ ticket: 7, at: seconds() });
  expect(await hook.accept(signed(next), next)).toBe('{"ticket":7}');
});

test.each([-301, 301, -1_000_000])("one that was sent %i seconds from now is refused", async (apart) => {
  const body = JSON.stringify({ ticket: 7, at: seconds() + apart });
  await expect(hookOf().accept(signed(body), body)).rejects.toMatchObject({ code: "forbidden" });
});

test("a web hook without a time is accepted each time", async () => {
  const hook = hookOf();
  const body = '{"ticket":7}';
  expect(await hook.accept(signed(body), body)).toBe(body);
  expect(await hook.accept(signed(body), body)).toBe(body);
});

test("the signature covers the bytes, whatever text they are", async () => {
  const bytes = Uint8Array.from([0xef, 0xbb, 0xbf, ...new TextEncoder().encode('{"ticket":7}')]);
  const text = new TextDecoder().decode(bytes);
  expect(await hookOf().accept(signed(bytes), text, bytes)).toBe('{"ticket":7}');
  const other = Uint8Array.from([...bytes.subarray(3), 0x20]);
  await expect(hookOf().accept(signed(bytes.subarray(3)), text, other)).rejects.toMatchObject({ code: "forbidden" });
});

test("frequent web hooks cost a few polls a second, and none before the first stream", async () => {
  const rt = fakeRt(20);
  rt.tickets.set("7", [ana.email]);
  const adapter = withGateway(requestTracker(options));
  const hook = adapter.hooks!["request-tracker"]!;
  hook.heard('{"ticket":7}');
  await vi.advanceTimersByTimeAsync(5000);
  expect(rt.asked).toEqual([]);
  const abort = new AbortController();
  const events = adapter.tickets!.events!(undefined, { signal: abort.signal, locale: "en", member: ana });
  const first = events[Symbol.asyncIterator]().next();
  await vi.advanceTimersByTimeAsync(1000);
  rt.asked.length = 0;
  for (let at = 0; at < 1000; at += 1) {
    hook.heard('{"ticket":7}');
    await vi.advanceTimersByTimeAsync(10);
  }
  // Ten seconds, a poll and a call for the ticket each.
  expect(rt.asked.length).toBeGreaterThan(20);
  expect(rt.asked.length).toBeLessThanOrEqual(2 * 10 * 5 + 4);
  abort.abort();
  expect(await first).toEqual({ done: true, value: undefined });
  await adapter.dispose?.();
});
