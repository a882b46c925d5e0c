import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readPlace, writePlace } from "../../src/adapters/request-tracker/place.ts";
import { requestTracker } from "../../src/adapters/request-tracker/index.ts";
import { fakeRt, type FakeChange } from "./fake-rt.ts";

const POLL_MS = 1000;
const ana = { id: "ana", email: "ana@example.org" };
const boris = { id: "boris", email: "boris@example.org" };
const MINE = "7";
const OTHERS = "8";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const copyOf = () =>
  requestTracker({ url: "https://rt.example.org", token: "1-29-abcdef", queue: "Support", pollMs: POLL_MS });
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

describe("an answer that shows only after one with a higher number", () => {
  test("is told to a stream that began in between", async () => {
    const rt = deskWith([now(90)]);
    const copy = copyOf();
    const early = listen(copy, ana);
    await wait(5000);
    rt.changes.push(now(101, OTHERS));
    const late = listen(copy, ana, "90");
    await wait(2000);
    rt.changes.push(now(100));
    await wait(2000);
    rt.changes.push(now(102));
    await wait(2000);
    expect(early.messages).toEqual(["100", "102"]);
    expect(late.messages).toEqual(["100", "102"]);
    await Promise.all([early.stop(), late.stop()]);
  });

  test("is told to the first stream of a copy", async () => {
    const rt = deskWith([now(90), now(101, OTHERS)]);
    const first = listen(copyOf(), ana);
    await wait(100);
    rt.changes.push(now(100));
    await wait(9000);
    expect(first.messages).toEqual(["100"]);
    await first.stop();
  });

  test("is told to who comes back from a cursor beyond it, at another copy, and nothing is told twice", async () => {
    const rt = deskWith([now(90)]);
    const before = listen(copyOf(), ana);
    await wait(2000);
    rt.changes.push(now(101));
    await wait(2000);
    await before.stop();
    rt.changes.push(now(100));
    await wait(500);
    const after = listen(copyOf(), ana, before.cursor());
    await wait(9000);
    expect([...before.messages, ...after.messages]).toEqual(["101", "100"]);
    await after.stop();
  });

  test("is not told to a stream that begins anew when it shows already", async () => {
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

test("whatever the order in which answers show, a member hears each of them once, over all their connections", async () => {
  const rt = deskWith([]);
  const property = fc.asyncProperty(
    fc.array(change, { minLength: 1, maxLength: 25 }),
    fc.array(connection, { minLength: 1, maxLength: 6 }),
    fc.boolean(),
    async (changes, connections, othersListen) => {
      rt.changes.splice(0, Infinity, { id: 1, ticket: MINE, at: Date.now() - 600_000 });
      const copies = [copyOf(), copyOf()] as const;
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
      // What shows between two connections, the first of which told nothing, is in what is read anew.
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

describe("a stream's cursor", () => {
  test("comes back as it was, in a few characters", () => {
    const place = fc
      .record({
        settled: fc.nat({ max: 10 ** 9 }),
        steps: fc.array(fc.integer({ min: 1, max: 500 }), { maxLength: 100 }),
        owes: fc.boolean(),
      })
      .map(({ settled, steps, owes }) => {
        let id = settled;
        const told = steps.map((step) => (id += step));
        return { settled, told, ...(owes && told.length > 0 ? { owed: id } : {}) };
      });
    fc.assert(
      fc.property(place, (one) => {
        const text = writePlace(one) ?? "";
        expect(readPlace(text)).toEqual(one);
        expect(text.length).toBeLessThan(400);
      }),
    );
  });

  test("of an earlier version is a bare number: all up to it was told", () => {
    expect(readPlace("4711")).toEqual({ settled: 4711, told: [], owed: 4711 });
  });

  test.each([
    "",
    "x",
    "-1",
    "1.5.3.2",
    "1 OR 1=1",
    "1.-",
    "1..",
    "1.a--b",
    "9".repeat(16),
    `1.${"1-".repeat(101)}1`,
    "1.é",
  ])("is refused when it is %j", (text) => {
    expect(() => readPlace(text)).toThrow(expect.objectContaining({ code: "invalid" }));
  });
});
