import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { requestTracker } from "../../src/adapters/request-tracker/index.ts";
import type { TicketEvent } from "../../src/core/contract/adapter.ts";
import { withGateway } from "../../src/testing/index.ts";
import { fakeRt, type FakeRt } from "./fake-rt.ts";

const STREAMS = 300;
const POLL_MS = 5000;
const member = (at: number) => ({ id: `m${at}`, email: `m${at}@example.org` });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function copyOf() {
  const adapter = withGateway(
    requestTracker({ url: "https://rt.example.org", token: "1-29-abcdef", queue: "Support" }),
  );
  const abort = new AbortController();
  return {
    async stop() {
      abort.abort();
      await adapter.dispose?.();
    },
    /** A member's stream, and its events. */
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

/** Every member has three tickets, and an agent writes to one member each minute. */
function filled(rt: FakeRt): void {
  for (let at = 0; at < STREAMS; at += 1) {
    for (const part of [1, 2, 3]) rt.tickets.set(String(at * 3 + part), [member(at).email]);
    rt.changes.push({ id: at + 1, ticket: String(at * 3 + 1), at: Date.now() - (STREAMS - at) * 60_000 });
  }
}

test("300 streams that start at once cost RT no more than the start of the feed", async () => {
  const rt = fakeRt(20);
  filled(rt);
  const copy = copyOf();
  const streams = Array.from({ length: STREAMS }, (_, at) => copy.listen(at));
  await vi.advanceTimersByTimeAsync(3000);
  expect(streams.filter(({ connected }) => connected())).toHaveLength(STREAMS);
  expect(rt.asked.length).toBeLessThan(12);
  await copy.stop();
});

test("news for one member costs a few calls, and is sent only to them", async () => {
  const rt = fakeRt(20);
  filled(rt);
  const copy = copyOf();
  const streams = Array.from({ length: STREAMS }, (_, at) => copy.listen(at));
  await vi.advanceTimersByTimeAsync(3000);
  rt.asked.length = 0;
  rt.changes.push({ id: 1000, ticket: "1", at: Date.now() });
  await vi.advanceTimersByTimeAsync(POLL_MS);
  const told = streams.map((stream) => stream.told.map(({ type }) => type));
  expect(told[0]).toEqual(["message", "ticket"]);
  expect(told.slice(1).flat()).toEqual([]);
  expect(rt.asked.length).toBeLessThan(10);
  await copy.stop();
});

test("300 idle streams cost a poll every five seconds, and five more calls a minute", async () => {
  const rt = fakeRt(20);
  filled(rt);
  const copy = copyOf();
  for (let at = 0; at < STREAMS; at += 1) copy.listen(at);
  await vi.advanceTimersByTimeAsync(3000);
  rt.asked.length = 0;
  await vi.advanceTimersByTimeAsync(5 * 60_000);
  const looks = rt.asked.filter((path) => path === "/transactions").length;
  expect(looks).toBeLessThanOrEqual((5 * 60_000) / POLL_MS);
  expect(rt.asked.length - looks).toBeLessThanOrEqual(6 * 5);
  expect(rt.most()).toBeLessThanOrEqual(16);
  await copy.stop();
});

test("a ticket that leaves the queue without a trace is reported as removed within two rounds of twelve polls", async () => {
  const rt = fakeRt();
  filled(rt);
  const copy = copyOf();
  const streams = Array.from({ length: STREAMS }, (_, at) => copy.listen(at));
  await vi.advanceTimersByTimeAsync(3000);
  rt.tickets.delete("8");
  rt.tickets.set("11", ["another@example.org"]);
  await vi.advanceTimersByTimeAsync(2 * 12 * POLL_MS);
  expect(streams.map(({ told }) => told).filter((told) => told.length > 0)).toMatchObject([
    [{ type: "removed", ticketId: "8" }],
    [{ type: "removed", ticketId: "11" }],
  ]);
  await copy.stop();
});

test("a feed that returns after too many changes restarts", async () => {
  const rt = fakeRt();
  rt.tickets.set("1", [member(1).email]);
  for (let id = 1; id <= 3000; id += 1) rt.changes.push({ id, ticket: "1", at: Date.now() - 3_600_000 });
  const adapter = requestTracker({ url: "https://rt.example.org", token: "1-29-abcdef", queue: "Support" });
  const ctx = { signal: new AbortController().signal, pause: async () => undefined };
  const first = async (cursor: string): Promise<string> => {
    const steps = adapter.changes!(cursor, ctx)[Symbol.asyncIterator]();
    const outcome = await steps.next().catch((error: { code: string }) => error.code);
    return typeof outcome === "string" ? outcome : "told";
  };
  expect(await first("1999.")).toBe("stale-cursor");
  expect(await first("2000.")).toBe("told");
});

test.each([2000, 4500])(
  "%i changes within ten seconds delay nobody: the answer after them is reported soon",
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
    await copy.stop();
  },
);
