import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createFeed, type Feed } from "../../../src/gateway/feed/feed.ts";
import { memoryStore } from "../../../src/gateway/memory-store.ts";
import type { SharedStore } from "../../../src/gateway/shared-store.ts";
import { feedDesk } from "./feed-desk.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const people = ["ana@example.org", "boris@example.org"];
const wait = async (ms: number) => await vi.advanceTimersByTimeAsync(ms);

/** A store that fails on demand, for all copies. */
function failing(store: SharedStore) {
  const state = { fails: false };
  const guard =
    <A extends unknown[], T>(call: (...given: A) => Promise<T>) =>
    async (...given: A): Promise<T> => {
      if (state.fails) throw new Error("the store is away");
      return await call(...given);
    };
  const { append, forget, lead, log, place, resign } = store.feeds;
  const feeds = {
    append: guard(append),
    lead: guard(lead),
    log: guard(log),
    place: guard(place),
    resign: guard(resign),
    forget: guard(forget),
  };
  return { state, store: { ...store, feeds } };
}

const action = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("say" as const), who: fc.integer({ min: 0, max: 1 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("fail" as const, "hang" as const, "repeat" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("die" as const, "silent death" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("store away" as const, "store back" as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("reconnect" as const), who: fc.integer({ min: 0, max: 1 }) }) },
);
const step = fc.record({ action, thenMs: fc.integer({ min: 0, max: 20_000 }) });

/** One member, who reconnects from the last cursor whenever their stream ends. */
function member(email: string, copyOf: () => Feed) {
  const heard: string[] = [];
  let cursor: string | undefined;
  const over = new AbortController();
  let begunAnew = false;
  let current = new AbortController();
  async function live(): Promise<void> {
    while (!over.signal.aborted) {
      current = new AbortController();
      try {
        const ctx = { signal: current.signal, locale: "en", member: { id: email, email } };
        for await (const event of copyOf().events(cursor, ctx)) {
          cursor = event.cursor ?? cursor;
          if (event.type === "message") heard.push(event.message.id);
        }
      } catch (error) {
        begunAnew ||= (error as { code?: string }).code === "stale-cursor";
      }
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
  void live();
  return {
    heard,
    begunAnew: () => begunAnew,
    isConnected: () => cursor !== undefined,
    reconnect: () => current.abort(new Error("the link was cut")),
    end() {
      over.abort();
      current.abort(new Error("the test is over"));
    },
  };
}

test("whichever copy leads, dies, hangs, jumps back or loses the store, each member gets their events in order and once", async () => {
  const property = fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 25 }), async (steps) => {
    const desk = feedDesk();
    const { state, store } = failing(memoryStore());
    const { resign } = store.feeds;
    const copies: Feed[] = [];
    const grow = (): void => void copies.push(createFeed({ adapter: desk.adapter(), store, onError: () => undefined }));
    grow();
    grow();
    let turn = 0;
    const members = people.map((email) => member(email, () => copies[(turn += 1) % copies.length]!));
    await wait(15_000);
    expect(members.map((each) => each.isConnected())).toEqual([true, true]);
    const said: string[][] = [[], []];
    let next = 0;
    for (const { action: act, thenMs } of steps) {
      if (act.do === "say") {
        next += 1;
        desk.say(people[act.who]!, String(next));
        said[act.who]?.push(String(next));
      } else if (act.do === "reconnect") members[act.who]?.reconnect();
      else if (act.do === "store away") state.fails = true;
      else if (act.do === "store back") state.fails = false;
      else if (act.do === "die" || act.do === "silent death") {
        store.feeds.resign = act.do === "die" ? resign : async () => undefined;
        copies.shift()?.dispose();
        grow();
      } else desk.break(act.do);
      await wait(thenMs);
    }
    state.fails = false;
    await wait(300_000);
    for (const each of members) each.end();
    for (const copy of copies) copy.dispose();
    await wait(2000);
    expect(members.map((each) => each.begunAnew())).toEqual([false, false]);
    expect(members.map(({ heard }) => heard)).toEqual(said);
    // A stuck generator never ends: the test just abandons it.
    const hung = steps.filter(({ action: act }) => act.do === "hang").length;
    expect(desk.running()).toBeLessThanOrEqual(hung);
  });
  await fc.assert(property, { numRuns: 150 });
}, 120_000);
