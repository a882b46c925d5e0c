import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createSettling } from "../../src/adapter/settling.ts";
import { requestTracker } from "../../src/adapters/request-tracker/index.ts";
import { memoryStore } from "../../src/gateway/memory-store.ts";
import { withGateway } from "../../src/testing/index.ts";
import { fakeRt, type FakeChange } from "./fake-rt.ts";

const POLL_MS = 1000;
const ana = { id: "ana", email: "ana@example.org" };
const boris = { id: "boris", email: "boris@example.org" };
const MINE = "7";
const OTHERS = "8";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ending: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0)) await end();
});

/** One copy of a gateway; copies with the same store share one feed. */
function copyOf(store = memoryStore()) {
  const options = { url: "https://rt.example.org", token: "1-29-abcdef", queue: "Support", pollMs: POLL_MS };
  const copy = withGateway(requestTracker(options), store);
  ending.push(() => copy.dispose?.());
  return copy;
}
type Copy = ReturnType<typeof copyOf>;

/** One connection of a member. */
function listen(copy: Copy, member: typeof ana, cursor?: string) {
  const abort = new AbortController();
  const messages: string[] = [];
  let [last, connectedAt] = [cursor, Number.POSITIVE_INFINITY];
  const onConnected = (): void => void (connectedAt = Date.now());
  async function read(): Promise<void> {
    const ctx = { signal: abort.signal, locale: "en", member, onConnected };
    for await (const event of copy.tickets!.events!(cursor, ctx)) {
      last = event.cursor ?? last;
      if (event.type === "message") messages.push(event.message.id);
    }
  }
  const reading = read();
  return {
    messages,
    cursor: () => last,
    connectedAt: () => connectedAt,
    async stop() {
      abort.abort();
      await reading.catch(() => undefined);
    },
  };
}

function deskWith(changes: readonly FakeChange[]) {
  const rt = fakeRt();
  rt.tickets.set(MINE, [ana.email]);
  rt.tickets.set(OTHERS, [boris.email]);
  rt.changes.push(...changes);
  return rt;
}

const wait = async (ms: number) => await vi.advanceTimersByTimeAsync(ms);
const now = (id: number, ticket = MINE): FakeChange => ({ id, ticket, at: Date.now() });

describe("an answer that becomes visible after one with a higher number", () => {
  test("is still reported", async () => {
    const rt = deskWith([now(90)]);
    const stream = listen(copyOf(), ana);
    await wait(5000);
    rt.changes.push(now(101, OTHERS));
    await wait(2000);
    rt.changes.push(now(100));
    await wait(2000);
    rt.changes.push(now(102));
    await wait(2000);
    expect(stream.messages).toEqual(["100", "102"]);
    await stream.stop();
  });

  test("is reported when the feed has only just started", async () => {
    const rt = deskWith([now(90), now(101, OTHERS)]);
    const first = listen(copyOf(), ana);
    await wait(100);
    rt.changes.push(now(100));
    await wait(9000);
    expect(first.messages).toEqual(["100"]);
    await first.stop();
  });

  test("is reported by the next leader, and nothing is reported twice", async () => {
    const rt = deskWith([now(90)]);
    const store = memoryStore();
    const [leading, next] = [copyOf(store), copyOf(store)];
    const before = listen(leading, ana);
    await wait(2000);
    rt.changes.push(now(101));
    await wait(2000);
    await before.stop();
    await leading.dispose?.();
    rt.changes.push(now(100));
    await wait(500);
    const after = listen(next, ana, before.cursor());
    await wait(9000);
    expect([...before.messages, ...after.messages]).toEqual(["101", "100"]);
    await after.stop();
  });

  test("is not sent to a stream that starts after it became visible", async () => {
    deskWith([now(90), now(100), now(101)]);
    const stream = listen(copyOf(), ana);
    await wait(30_000);
    expect(stream.messages).toEqual([]);
    await stream.stop();
  });
});

const change = fc.record({
  startsMs: fc.integer({ min: 0, max: 30_000 }),
  takesMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 9000 })),
  isMine: fc.boolean(),
});
const connection = fc.record({
  forMs: fc.integer({ min: 300, max: 15_000 }),
  pauseMs: fc.integer({ min: 0, max: 8000 }),
  copy: fc.integer({ min: 0, max: 1 }),
});

test("in any order of visibility, a member gets each answer once, over all their connections", async () => {
  const rt = deskWith([]);
  const property = fc.asyncProperty(
    fc.array(change, { minLength: 1, maxLength: 25 }),
    fc.array(connection, { minLength: 1, maxLength: 6 }),
    fc.boolean(),
    async (changes, connections, othersListen) => {
      rt.changes.splice(0, Infinity, { id: 1, ticket: MINE, at: Date.now() - 600_000 });
      const store = memoryStore();
      const copies = [copyOf(store), copyOf(store)] as const;
      const start = Date.now();
      const shownAt = new Map<string, number>();
      changes
        .toSorted((left, right) => left.startsMs - right.startsMs)
        .forEach(({ startsMs, takesMs, isMine }, at) => {
          const id = at + 2;
          setTimeout(() => {
            rt.changes.push({ id, ticket: isMine ? MINE : OTHERS, at: start + startsMs });
            if (isMine) shownAt.set(String(id), Date.now());
          }, startsMs + takesMs);
        });
      const others = othersListen ? copies.map((copy) => listen(copy, boris)) : [];
      const heard: string[] = [];
      let cursor: string | undefined;
      // An answer that becomes visible between two connections, the first of which had no events, is in the reloaded
      // data.
      let since = Number.POSITIVE_INFINITY;
      const last = { forMs: 60_000, pauseMs: 0, copy: 0 };
      for (const { forMs, pauseMs, copy } of [...connections, last]) {
        const stream = listen(copies[copy === 0 ? 0 : 1], ana, cursor);
        await wait(forMs);
        await stream.stop();
        if (cursor === undefined) since = stream.connectedAt();
        heard.push(...stream.messages);
        cursor = stream.cursor();
        await wait(pauseMs);
      }
      await Promise.all(others.map(async (each) => await each.stop()));
      for (const copy of copies) void copy.dispose?.();
      const due = [...shownAt].filter(([, at]) => at > since).map(([id]) => id);
      expect(heard.filter((id, at) => heard.indexOf(id) !== at)).toEqual([]);
      expect(due.filter((id) => !heard.includes(id))).toEqual([]);
    },
  );
  await fc.assert(property, { numRuns: 60 });
}, 120_000);

describe("the feed's cursor", () => {
  test("comes back unchanged, in a few characters", () => {
    const ids = fc.record({
      settled: fc.nat({ max: 10 ** 9 }),
      steps: fc.array(fc.integer({ min: 1, max: 500 }), { maxLength: 100 }),
    });
    fc.assert(
      fc.property(ids, ({ settled, steps }) => {
        let id = settled;
        const told = steps.map((step) => (id += step));
        const cursor = createSettling({ settled, told }).cursor();
        const back = createSettling(cursor);
        expect(told.filter((each) => !back.isTold(each))).toEqual([]);
        expect([back.settled(), back.size(), back.cursor()]).toEqual([settled, told.length, cursor]);
        expect(cursor.length).toBeLessThan(400);
      }),
    );
  });

  test.each(["", "x", "-1", "4711", "1.5.3.2", "1 OR 1=1", "1.-", "1..", "1.a--b", "9".repeat(16), "1.é"])(
    "is refused when it is %j",
    (text) => {
      expect(() => createSettling(text)).toThrow(expect.objectContaining({ code: "invalid" }));
    },
  );
});
