import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { Member } from "../../../src/core/contract/adapter.ts";
import { createFeed, type Feed } from "../../../src/gateway/feed/feed.ts";
import { memoryStore } from "../../../src/gateway/memory-store.ts";
import type { SharedStore } from "../../../src/gateway/shared-store.ts";
import { feedDesk, LOOK_MS, type FeedDesk } from "./feed-desk.ts";

const ana = { id: "m-ana", name: "Ana", email: "ana@example.org" };
const boris = { id: "m-boris", name: "Boris", email: "boris@example.org" };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const wait = async (ms: number) => await vi.advanceTimersByTimeAsync(ms);

function copyOf(desk: FeedDesk, store: SharedStore): Feed & { readonly errors: unknown[] } {
  const errors: unknown[] = [];
  const feed = createFeed({ adapter: desk.adapter(), store, onError: (error) => errors.push(error) });
  onTestFinished(() => feed.dispose());
  return { ...feed, errors };
}

/** One connection of a member. */
function listen(copy: Feed, member: Member, cursor?: string) {
  const abort = new AbortController();
  const heard: string[] = [];
  const authors: unknown[] = [];
  let last = cursor;
  let failure: unknown;
  const done = (async () => {
    for await (const event of copy.events(cursor, { signal: abort.signal, locale: "en", member })) {
      last = event.cursor ?? last;
      if (event.type === "message") {
        heard.push(event.message.id);
        authors.push(event.message.author);
      } else if (event.type !== "position") heard.push(event.type);
    }
  })().catch((error: unknown) => (failure = error));
  return {
    heard,
    authors,
    cursor: () => last,
    failure: () => failure,
    async stop() {
      abort.abort(new Error("left"));
      await done;
      return last;
    },
  };
}

describe("one feed for all", () => {
  test("sends each member their own events, at every copy, and polls the desk from one copy only", async () => {
    const desk = feedDesk();
    const store = memoryStore();
    const copies = [copyOf(desk, store), copyOf(desk, store)] as const;
    const streams = [listen(copies[0], ana), listen(copies[1], ana), listen(copies[1], boris)] as const;
    await wait(3000);
    desk.say(ana.email, "a1");
    desk.say(boris.email, "b1");
    await wait(3000);
    expect(streams.map(({ heard }) => heard)).toEqual([["a1"], ["a1"], ["b1"]]);
    expect(desk.mostRunning()).toBe(1);
  });

  test("costs the desk the same for a thousand streams as for one", async () => {
    const desk = feedDesk();
    const copy = copyOf(desk, memoryStore());
    for (let at = 0; at < 1000; at += 1) listen(copy, { id: `m${at}`, email: `m${at}@example.org` });
    await wait(2000);
    const before = desk.looks();
    await wait(60_000);
    expect(desk.looks() - before).toBe(60_000 / LOOK_MS);
  });

  test("names the member as the author of their own messages only", async () => {
    const desk = feedDesk();
    const stream = listen(copyOf(desk, memoryStore()), ana);
    await wait(1500);
    desk.say(ana.email, "1", ana.email);
    desk.say(ana.email, "2", "somebody@example.org");
    await wait(1500);
    expect(stream.authors).toEqual([
      { id: ana.id, name: ana.name, role: "member" },
      { id: "somebody@example.org", role: "member" },
    ]);
  });

  test("refuses members without a key before the desk is asked", async () => {
    const desk = feedDesk();
    const stream = listen(copyOf(desk, memoryStore()), { id: "guest" });
    await wait(1);
    expect(stream.failure()).toMatchObject({ code: "forbidden" });
    expect(desk.looks()).toBe(0);
  });

  test("polls at once when a member has written, at any copy", async () => {
    const desk = feedDesk();
    const store = memoryStore();
    const [leading, other] = [copyOf(desk, store), copyOf(desk, store)];
    const stream = listen(leading, ana);
    await wait(1100);
    desk.say(ana.email, "1");
    other.wake();
    await wait(LOOK_MS / 2);
    expect(stream.heard).toEqual(["1"]);
  });
});

describe("a member who reconnects", () => {
  test("gets missed events in order and once, at another copy, even if there were no events before they left", async () => {
    const desk = feedDesk();
    const store = memoryStore();
    const copies = [copyOf(desk, store), copyOf(desk, store)] as const;
    const first = listen(copies[0], ana);
    await wait(1500);
    const cursor = await first.stop();
    desk.say(ana.email, "1");
    desk.say(ana.email, "2");
    await wait(1500);
    const second = listen(copies[1], ana, cursor);
    await wait(1);
    desk.say(ana.email, "3");
    await wait(1500);
    expect(second.heard).toEqual(["1", "2", "3"]);
  });

  test("costs the desk no calls, however many they are", async () => {
    const desk = feedDesk();
    const copy = copyOf(desk, memoryStore());
    const members = Array.from({ length: 1000 }, (_, at) => ({ id: `m${at}`, email: `m${at}@example.org` }));
    const first = members.map((member) => listen(copy, member));
    await wait(1500);
    const cursors = await Promise.all(first.map(async (stream) => await stream.stop()));
    desk.say("m7@example.org", "1");
    await wait(1500);
    const before = desk.looks();
    const back = members.map((member, at) => listen(copy, member, cursors[at]));
    await wait(10);
    expect(desk.looks()).toBe(before);
    expect(back.flatMap(({ heard }) => heard)).toEqual(["1"]);
  });

  test.each([
    [
      "more than is kept was said",
      async (desk: FeedDesk) => Array.from({ length: 101 }, (_, at) => desk.say(ana.email, `${at}`)),
    ],
    ["a week has passed", async () => await wait(7 * 24 * 3_600_000)],
    [
      "the feed had to begin anew",
      async (desk: FeedDesk) => {
        desk.break("fail");
        await wait(LOOK_MS);
        desk.break("stale");
        await wait(10_000);
      },
    ],
    [
      "an event was too long to be kept",
      async (desk: FeedDesk) => desk.say(ana.email, "long", "agent", "x".repeat(70_000)),
    ],
  ])("is told to reload everything when %s", async (_, happens) => {
    const desk = feedDesk();
    const copy = copyOf(desk, memoryStore());
    const first = listen(copy, ana);
    await wait(1500);
    const cursor = await first.stop();
    await happens(desk);
    await wait(1500);
    const second = listen(copy, ana, cursor);
    await wait(10);
    expect(second.failure()).toMatchObject({ code: "stale-cursor" });
  });

  test("with an invalid cursor is refused", async () => {
    const copy = copyOf(feedDesk(), memoryStore());
    const stream = listen(copy, ana, "4711");
    await wait(10);
    expect(stream.failure()).toMatchObject({ code: "invalid" });
  });
});

describe("when something fails", () => {
  test("another copy leads within ten seconds of the leader's death, and no event is lost or sent twice", async () => {
    const desk = feedDesk();
    const store = memoryStore();
    const [first, second] = [copyOf(desk, store), copyOf(desk, store)];
    const dying = listen(first, boris);
    await wait(100);
    const stream = listen(second, ana);
    await wait(1500);
    desk.say(ana.email, "1");
    await wait(1500);
    // It no longer renews its lease, and does not release it.
    vi.spyOn(store.feeds, "resign").mockResolvedValueOnce();
    first.dispose();
    await dying.stop();
    desk.say(ana.email, "2");
    await wait(15_000);
    desk.say(ana.email, "3");
    await wait(2000);
    expect(stream.heard).toEqual(["1", "2", "3"]);
  });

  test("a leader that resumes after another copy has its lease stores nothing", async () => {
    const desk = feedDesk();
    const store = memoryStore();
    const stream = listen(copyOf(desk, store), ana);
    await wait(1500);
    const stored = { epoch: "x", cursor: "99" };
    expect(await store.feeds.append("listed", "who was replaced", stored, [{ key: ana.email, text: "{}" }])).toBe(
      false,
    );
    desk.say(ana.email, "1");
    await wait(1500);
    expect(stream.heard).toEqual(["1"]);
  });

  test("a stuck feed is restarted from where it was", async () => {
    const desk = feedDesk();
    const copy = copyOf(desk, memoryStore());
    const stream = listen(copy, ana);
    await wait(1500);
    desk.break("hang");
    await wait(LOOK_MS);
    desk.say(ana.email, "1");
    await wait(130_000);
    expect(stream.heard).toEqual(["1"]);
    expect(copy.errors.map(String)).toEqual(['Error: the feed of "listed" is stuck']);
  });

  test("during an outage of the desk no event is lost, and it is polled less and less often", async () => {
    const desk = feedDesk();
    const copy = copyOf(desk, memoryStore());
    const stream = listen(copy, ana);
    await wait(1500);
    for (let at = 0; at < 6; at += 1) {
      desk.break("fail");
      await wait(2 ** at * 1000 + 1100);
    }
    desk.say(ana.email, "1");
    await wait(70_000);
    expect(stream.heard).toEqual(["1"]);
    expect(copy.errors.length).toBeGreaterThan(3);
  });

  test("a feed that jumps back and repeats itself sends nothing twice", async () => {
    const desk = feedDesk();
    const copy = copyOf(desk, memoryStore());
    const stream = listen(copy, ana);
    await wait(1500);
    for (const id of ["1", "2", "3"]) desk.say(ana.email, id);
    await wait(1500);
    const cursor = stream.cursor();
    desk.break("repeat");
    await wait(1500);
    desk.say(ana.email, "4");
    await wait(1500);
    expect(stream.heard).toEqual(["1", "2", "3", "4"]);
    const back = listen(copy, ana, cursor);
    await wait(10);
    expect(back.heard).toEqual(["4"]);
  });
});

describe("the number of tickets that await a member", () => {
  const ctx = { signal: new AbortController().signal, locale: "en", member: ana };

  test("is requested from the desk once, and then updated by the feed, at every copy", async () => {
    const desk = feedDesk();
    const store = memoryStore();
    const copies = [copyOf(desk, store), copyOf(desk, store)] as const;
    desk.setStatus(ana.email, "1", "awaiting");
    desk.setStatus(ana.email, "2", "open");
    const [first, again] = await Promise.all([copies[0].unread(ctx), copies[0].unread(ctx)]);
    expect([first.awaiting, again]).toEqual([1, first]);
    desk.setStatus(ana.email, "2", "awaiting");
    desk.say(ana.email, "x");
    desk.setStatus(boris.email, "3", "awaiting");
    await wait(1500);
    const second = await copies[1].unread(ctx);
    expect(second.awaiting).toBe(2);
    expect(second.version).not.toBe(first.version);
    desk.remove(ana.email, "1");
    desk.setStatus(ana.email, "2", "resolved");
    await wait(1500);
    expect((await copies[0].unread(ctx)).awaiting).toBe(0);
    expect(desk.lists()).toBe(1);
  });

  test("includes changes that happen while the desk is asked", async () => {
    const desk = feedDesk();
    const adapter = desk.adapter();
    const { list } = adapter.tickets;
    adapter.tickets.list = async (query, how) => {
      const page = await list?.(query, how);
      desk.setStatus(ana.email, "1", "awaiting");
      await wait(1500);
      return page ?? { items: [] };
    };
    const feed = createFeed({ adapter, store: memoryStore(), onError: () => undefined });
    onTestFinished(() => feed.dispose());
    expect((await feed.unread(ctx)).awaiting).toBe(1);
  });
});
