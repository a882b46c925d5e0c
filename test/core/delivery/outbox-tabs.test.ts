import { createModel } from "@preact/signals-core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AdapterError } from "../../../src/core/contract/errors.ts";
import { createOutbox } from "../../../src/core/delivery/outbox.ts";
import { anasDesk, bench } from "../../support/scope.ts";
import { type Tab, tabs } from "../../support/tabs.ts";

interface Letter {
  readonly clientId: string;
  readonly text?: string;
}
type Send = (item: Letter, attachments: readonly string[], signal: AbortSignal) => Promise<string>;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** One tab of a browser: what is written there, and what it says to the member. */
function open(tab: Tab, send: Send, chance = 0.5) {
  const thanked: string[] = [];
  const heard: string[] = [];
  /** What was to be sent here, the files of it that were not sent, and what was sent instead. */
  const superseded: unknown[] = [];
  const Model = createModel(() => {
    const scope = bench(anasDesk(), tab);
    const platform = { ...scope.platform, random: () => chance, now: () => Date.now() };
    const { add, entries, onSuperseded, retry, take } = createOutbox<Letter, string>({
      scope: { ...scope, platform },
      key: "outbox",
      send,
      onSent: ({ clientId }, result, own) => (own ? thanked : heard).push(`${clientId} ${result}`),
    });
    onSuperseded(({ item, files }, other) => superseded.push([item.text, files, other.item.text]));
    return { add, entries, retry, take };
  });
  const outbox = new Model();
  const states = () => outbox.entries.value.map(({ item, state }) => [item.clientId, state.status]);
  return { outbox, thanked, heard, states, superseded };
}

/** A call that a suspended tab never hears the end of. */
const unheard: Send = () => new Promise(() => undefined);

describe("the tab where something was written", () => {
  test("says that it arrived, also after half a minute offline, and the hidden tab says nothing", async () => {
    let isDown = true;
    const send: Send = async () => {
      if (isDown) throw new AdapterError("network", "no route");
      return "number 7";
    };
    const openTab = tabs();
    const written = open(openTab(), send, 0.99);
    const hidden = open(openTab(), send, 0.01);
    await written.outbox.add({ clientId: "a" });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(hidden.states()).toEqual([["a", "retrying"]]);
    isDown = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect([written.thanked, hidden.thanked]).toEqual([["a number 7"], []]);
    expect([written.states(), hidden.states()]).toEqual([[], []]);
  });

  test("says that it arrived although another tab has sent it", async () => {
    const openTab = tabs();
    const sent: string[] = [];
    const busy = open(openTab(), async ({ clientId }) => {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      sent.push(clientId);
      return "there";
    });
    const written = open(openTab(), async () => "from the wrong tab");
    await busy.outbox.add({ clientId: "a" });
    await vi.advanceTimersByTimeAsync(100);
    await written.outbox.add({ clientId: "b" });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sent).toEqual(["a", "b"]);
    expect([written.thanked, busy.thanked]).toEqual([["b there"], ["a there"]]);
    expect([written.heard, busy.heard]).toEqual([["a there"], ["b there"]]);
  });

  test("shows how far it is, although another tab sends it", async () => {
    const openTab = tabs();
    const busy = open(openTab(), async () => {
      throw new AdapterError("network", "no route", { retryAfterMs: 60_000 });
    });
    const written = open(openTab(), async () => "there");
    await busy.outbox.add({ clientId: "a" });
    await vi.advanceTimersByTimeAsync(100);
    await written.outbox.add({ clientId: "b" });
    await vi.advanceTimersByTimeAsync(100);
    expect(written.states()).toEqual([
      ["a", "retrying"],
      ["b", "waiting"],
    ]);
  });
});

describe("a tab that is suspended in the middle of sending", () => {
  test("does not hold up what is written in another one", async () => {
    const openTab = tabs();
    const asleep = openTab();
    const first = open(asleep, unheard);
    const sent: string[] = [];
    const awake = open(openTab(), async ({ clientId }) => {
      sent.push(clientId);
      return "there";
    });
    await first.outbox.add({ clientId: "a" });
    await vi.advanceTimersByTimeAsync(100);
    asleep.sleep();
    await awake.outbox.add({ clientId: "b" });
    await vi.advanceTimersByTimeAsync(40_000);
    expect(sent).toEqual(["a", "b"]);
    expect(awake.states()).toEqual([]);
    expect(awake.thanked).toEqual(["b there"]);
  });

  test("does not send again, when it wakes, what another one has sent", async () => {
    const openTab = tabs();
    const asleep = openTab();
    const tries: string[] = [];
    const first = open(asleep, async ({ clientId }, _attachments, signal) => {
      tries.push(`first ${clientId}`);
      return await new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    });
    const awake = open(openTab(), async ({ clientId }) => {
      tries.push(`awake ${clientId}`);
      return "there";
    });
    await first.outbox.add({ clientId: "a" });
    await vi.advanceTimersByTimeAsync(100);
    asleep.sleep();
    await awake.outbox.add({ clientId: "b" });
    await vi.advanceTimersByTimeAsync(40_000);
    asleep.sleep(false);
    await first.outbox.add({ clientId: "c" });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(tries).toEqual(["first a", "awake a", "awake b", "first c"]);
    expect(first.states().map(([id]) => id)).toEqual(["c"]);
  });
});

describe("what is refused", () => {
  test("is shown as refused in every tab, and stays until its words are stored elsewhere", async () => {
    const openTab = tabs();
    const refuse: Send = async () => {
      throw new AdapterError("forbidden", "not now");
    };
    const [left, right] = [open(openTab(), refuse), open(openTab(), refuse)];
    await left.outbox.add({ clientId: "a" });
    await vi.advanceTimersByTimeAsync(1_000);
    expect([left.states(), right.states()]).toEqual([[["a", "refused"]], [["a", "refused"]]]);
    let isStored = () => undefined as void;
    const stored = new Promise<boolean>((resolve) => (isStored = () => resolve(true)));
    const taken = left.outbox.take("a", () => stored);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([left.states(), right.states()]).toEqual([[["a", "refused"]], [["a", "refused"]]]);
    isStored();
    await taken;
    await vi.advanceTimersByTimeAsync(1_000);
    expect([left.states(), right.states()]).toEqual([[], []]);
  });

  test("can be taken again when its words could not be stored elsewhere", async () => {
    const refuse: Send = async () => {
      throw new AdapterError("forbidden", "not now");
    };
    const tab = open(tabs()(), refuse);
    await tab.outbox.add({ clientId: "a" });
    await vi.advanceTimersByTimeAsync(1_000);
    await expect(tab.outbox.take("a", () => Promise.reject(new Error("full")))).rejects.toThrow("full");
    expect(tab.states()).toEqual([["a", "refused"]]);
    await tab.outbox.take("a", async () => true);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(tab.states()).toEqual([]);
  });

  test("is sent once when both tabs are told to try again", async () => {
    const openTab = tabs();
    let refuses = true;
    const sent: string[] = [];
    const send: Send = async ({ clientId }) => {
      if (refuses) throw new AdapterError("forbidden", "not now");
      sent.push(clientId);
      return "there";
    };
    const [left, right] = [open(openTab(), send), open(openTab(), send)];
    await left.outbox.add({ clientId: "a" });
    await vi.advanceTimersByTimeAsync(1_000);
    refuses = false;
    left.outbox.retry();
    right.outbox.retry();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(1);
    expect([left.states(), right.states()]).toEqual([[], []]);
  });
});

test("trying again is at once, also where another tab sends", async () => {
  const openTab = tabs();
  let isDown = true;
  const sent: string[] = [];
  const send: Send = async ({ clientId }) => {
    if (isDown) throw new AdapterError("network", "no route", { retryAfterMs: 600_000 });
    sent.push(clientId);
    return "there";
  };
  const first = open(openTab(), send);
  const second = open(openTab(), send);
  await first.outbox.add({ clientId: "a" });
  await vi.advanceTimersByTimeAsync(1_000);
  isDown = false;
  second.outbox.retry();
  await vi.advanceTimersByTimeAsync(10);
  expect(sent).toEqual(["a"]);
});

describe("two tabs that share what is being written, and send it", () => {
  const slow =
    (sent: string[]): Send =>
    async ({ text }) => {
      sent.push(text ?? "");
      await new Promise((resolve) => setTimeout(resolve, 100));
      return "number 7";
    };

  test("at the same moment send what the first one has stored; the other one gets back what it had beside that", async () => {
    const sent: string[] = [];
    const openTab = tabs();
    const [first, second] = [open(openTab(), slow(sent)), open(openTab(), slow(sent))];
    await Promise.all([
      first.outbox.add({ clientId: "a", text: "one" }),
      second.outbox.add({ clientId: "a", text: "one two" }),
    ]).catch(() => undefined);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(new Set(sent).size).toBe(1);
    const [said] = sent;
    const other = said === "one" ? second : first;
    expect(other.superseded).toContainEqual([said === "one" ? "one two" : "one", [], said]);
    expect([first.states(), second.states()]).toEqual([[], []]);
    expect([first.thanked, second.thanked]).toEqual([["a number 7"], ["a number 7"]]);
  });

  test("one after the other: what had arrived is not sent again, and the rest is not lost", async () => {
    const sent: string[] = [];
    const openTab = tabs();
    const [first, second] = [open(openTab(), slow(sent)), open(openTab(), slow(sent))];
    await first.outbox.add({ clientId: "a", text: "one" });
    await vi.advanceTimersByTimeAsync(60_000);
    await second.outbox.add({ clientId: "a", text: "one two" });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toEqual(["one"]);
    expect(second.superseded).toEqual([["one two", [], "one"]]);
    expect([second.thanked, second.states()]).toEqual([["a number 7"], []]);
    const later = open(openTab(), slow(sent));
    await vi.advanceTimersByTimeAsync(60_000);
    expect([later.states(), sent]).toEqual([[], ["one"]]);
  });
});

test("of two entries of one id, which a guest and a member made of the same words, one is sent and the rest comes back once", async () => {
  const openTab = tabs();
  const tab = openTab();
  const entry = (text: string) => ({ item: { clientId: "a", text }, files: [], tab: "other" });
  await tab.set("outbox", [entry("one"), entry("one two")]);
  const sent: string[] = [];
  const { outbox, states, superseded } = open(tab, async ({ text }) => {
    sent.push(text ?? "");
    return "there";
  });
  await vi.advanceTimersByTimeAsync(60_000);
  expect([sent, superseded, states()]).toEqual([["one"], [["one two", [], "one"]], []]);
  expect(outbox.entries.value).toEqual([]);
  expect(await tab.get("outbox")).toEqual([]);
});
