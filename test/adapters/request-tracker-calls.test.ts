import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { requestTracker } from "../../src/adapters/request-tracker/index.ts";
import type { TicketEvent } from "../../src/core/contract/adapter.ts";
import { fakeRt, type FakeRt } from "./fake-rt.ts";

const STREAMS = 300;
const POLL_MS = 5000;
const member = (at: number) => ({ id: `m${at}`, email: `m${at}@example.org` });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function copyOf() {
  const adapter = requestTracker({ url: "https://rt.example.org", token: "1-29-abcdef", queue: "Support" });
  const abort = new AbortController();
  return {
    stop: () => abort.abort(),
    /** A stream of this member, and what it has told. */
    listen(at: number, cursor?: string) {
      const told: TicketEvent[] = [];
      let connected = false;
      const onConnected = (): void => void (connected = true);
      const ctx = { signal: abort.signal, locale: "en", member: member(at), onConnected };
      async function read(): Promise<void> {
        for await (const event of adapter.tickets!.events!(cursor, ctx)) told.push(event);
      }
      read().catch((error: unknown) => abort.signal.aborted || expect.fail(String(error)));
      return { told, connected: () => connected };
    },
  };
}

/** Every member has three tickets, and an agent wrote to one member each minute. */
function filled(rt: FakeRt): void {
  for (let at = 0; at < STREAMS; at += 1) {
    for (const part of [1, 2, 3]) rt.tickets.set(String(at * 3 + part), [member(at).email]);
    rt.changes.push({ id: at + 1, ticket: String(at * 3 + 1), at: Date.now() - (STREAMS - at) * 60_000 });
  }
}

test("when 300 streams come back at once, RT is asked a few times for all of them, and no more than 16 at once", async () => {
  const rt = fakeRt(20);
  filled(rt);
  const copy = copyOf();
  const streams = Array.from({ length: STREAMS }, (_, at) => copy.listen(at, `${at + 1}.`));
  await vi.advanceTimersByTimeAsync(3000);
  expect(streams.filter(({ connected }) => connected())).toHaveLength(STREAMS);
  expect(streams.flatMap(({ told }) => told)).toEqual([]);
  expect(rt.asked.length).toBeLessThan(70);
  expect(rt.most()).toBeLessThanOrEqual(16);
  copy.stop();
});

test("300 streams that come back to one member's news tell it to that one, and cost the others nothing", async () => {
  const rt = fakeRt(20);
  filled(rt);
  rt.changes.push({ id: 1000, ticket: "1", at: Date.now() - 1000 });
  const copy = copyOf();
  const streams = Array.from({ length: STREAMS }, (_, at) => copy.listen(at, "300."));
  await vi.advanceTimersByTimeAsync(3000);
  const told = streams.map((stream) => stream.told.map(({ type }) => type));
  expect(told[0]).toEqual(["message", "ticket"]);
  expect(told.slice(1).flat()).toEqual([]);
  expect(rt.asked.length).toBeLessThan(50);
  copy.stop();
});

test("300 streams on which nothing happens cost a look each five seconds, and ten calls a minute beside that", async () => {
  const rt = fakeRt(20);
  filled(rt);
  const copy = copyOf();
  for (let at = 0; at < STREAMS; at += 1) copy.listen(at);
  await vi.advanceTimersByTimeAsync(3000);
  rt.asked.length = 0;
  await vi.advanceTimersByTimeAsync(5 * 60_000);
  const looks = rt.asked.filter((path) => path === "/transactions").length;
  expect(looks).toBeLessThanOrEqual((5 * 60_000) / POLL_MS);
  // 900 tickets, 100 a call, in a round of a minute at most.
  const doubts = rt.asked.length - looks;
  expect(doubts).toBeGreaterThanOrEqual(4 * 9);
  expect(doubts).toBeLessThanOrEqual(7 * 9);
  expect(rt.most()).toBeLessThanOrEqual(16);
  copy.stop();
});

test("a ticket that leaves the queue without a trace is told as removed within twelve looks", async () => {
  const rt = fakeRt();
  filled(rt);
  const copy = copyOf();
  const streams = Array.from({ length: STREAMS }, (_, at) => copy.listen(at));
  await vi.advanceTimersByTimeAsync(3000);
  rt.tickets.delete("8");
  rt.tickets.set("11", ["another@example.org"]);
  await vi.advanceTimersByTimeAsync(2 * 12 * POLL_MS);
  expect(streams.map(({ told }) => told).filter((told) => told.length > 0)).toEqual([
    [{ type: "removed", ticketId: "8" }],
    [{ type: "removed", ticketId: "11" }],
  ]);
  copy.stop();
});

test("a cursor that is too far back is refused, and no other that comes with it", async () => {
  const rt = fakeRt(20);
  rt.tickets.set("1", [member(1).email]);
  for (let id = 1; id <= 3000; id += 1) rt.changes.push({ id, ticket: "2", at: Date.now() - 3_600_000 });
  rt.changes.push({ id: 3001, ticket: "1", at: Date.now() - 60_000 });
  const adapter = requestTracker({ url: "https://rt.example.org", token: "1-29-abcdef", queue: "Support" });
  const signal = AbortSignal.timeout(60_000);
  const first = async (cursor: string) => {
    const events = adapter.tickets!.events!(cursor, { signal, locale: "en", member: member(1) });
    return await events[Symbol.asyncIterator]()
      .next()
      .then(
        ({ value }) => (value as TicketEvent).type,
        (error: { code: string }) => error.code,
      );
  };
  const all = Promise.all(["1", "5", "1900", "2500", "2999."].map(first));
  await vi.advanceTimersByTimeAsync(5000);
  expect(await all).toEqual(["invalid", "invalid", "invalid", "message", "message"]);
  expect(rt.asked.length).toBeLessThan(45);
});

test.each([2000, 4500])(
  "%i changes within ten seconds hold nobody up: the answer after them is told soon",
  async (many) => {
    const rt = fakeRt();
    rt.tickets.set("1", [member(1).email]);
    rt.changes.push({ id: 1, ticket: "2", at: Date.now() - 3_600_000 });
    const copy = copyOf();
    const stream = copy.listen(1);
    await vi.advanceTimersByTimeAsync(3000);
    for (let at = 0; at < many; at += 1) rt.changes.push({ id: 10 + at, ticket: "2", at: Date.now() });
    rt.changes.push({ id: 10_000, ticket: "1", at: Date.now() });
    await vi.advanceTimersByTimeAsync(POLL_MS + 2000);
    expect(stream.told.map(({ type }) => type)).toEqual(["message", "ticket"]);
    rt.asked.length = 0;
    await vi.advanceTimersByTimeAsync(60_000);
    rt.changes.push({ id: 10_001, ticket: "1", at: Date.now() });
    await vi.advanceTimersByTimeAsync(POLL_MS + 100);
    expect(stream.told).toHaveLength(4);
    expect(rt.asked.length).toBeLessThan(300);
    copy.stop();
  },
);

test("once the last of 300 streams has ended, RT is asked for nothing and no timer is left", async () => {
  const rt = fakeRt(20);
  filled(rt);
  const copy = copyOf();
  for (let at = 0; at < STREAMS; at += 1) copy.listen(at);
  await vi.advanceTimersByTimeAsync(90_000);
  copy.stop();
  await vi.advanceTimersByTimeAsync(1000);
  const before = rt.asked.length;
  expect(vi.getTimerCount()).toBe(0);
  await vi.advanceTimersByTimeAsync(30 * 60_000);
  expect(rt.asked.length).toBe(before);
});
