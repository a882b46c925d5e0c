import { createModel } from "@preact/signals-core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AdapterError } from "../../../src/core/contract/errors.ts";
import { createOutbox } from "../../../src/core/delivery/outbox.ts";
import { memoryStorage } from "../../../src/core/delivery/storage.ts";
import { bench } from "../../support/scope.ts";

interface Letter {
  readonly clientId: string;
  readonly text: string;
}

const letter = (text: string): Letter => ({ clientId: `id-${text}`, text });

function open(send: (item: Letter) => Promise<string>, storage = memoryStorage(), lane?: (item: Letter) => string) {
  const scope = bench(undefined, storage);
  const { platform } = scope;
  const sent: string[] = [];
  const Model = createModel(() => {
    const outbox = createOutbox<Letter, string>({
      scope,
      key: "outbox",
      send,
      onSent: (item) => sent.push(item.text),
      ...(lane && { lane }),
    });
    const { loaded: _, ...model } = outbox;
    return model;
  });
  const outbox = new Model();
  return { outbox, sent, platform, storage, states: () => outbox.entries.value.map(({ state }) => state.status) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("what a member sends", () => {
  test("goes out in the order in which it was written, one at a time", async () => {
    const running: string[] = [];
    let most = 0;
    const { outbox, sent } = open(async ({ text }) => {
      running.push(text);
      most = Math.max(most, running.length);
      await new Promise((resolve) => setTimeout(resolve, 10));
      running.pop();
      return text;
    });
    for (const text of ["a", "b", "c"]) void outbox.add(letter(text));
    await vi.runAllTimersAsync();
    expect(sent).toEqual(["a", "b", "c"]);
    expect(most).toBe(1);
  });

  test("is tried again with the same id until it arrives", async () => {
    const tries: string[] = [];
    const { outbox, sent } = open(async ({ clientId }) => {
      tries.push(clientId);
      if (tries.length < 4) throw new AdapterError("network", "no route");
      return "ok";
    });
    void outbox.add(letter("a"));
    await vi.runAllTimersAsync();
    expect(tries).toEqual(["id-a", "id-a", "id-a", "id-a"]);
    expect(sent).toEqual(["a"]);
    expect(outbox.entries.value).toEqual([]);
  });

  test("arrives, in its order, though the browser clears the storage while it waits", async () => {
    let isDown = true;
    const { outbox, sent, storage } = open(async () => {
      if (isDown) throw new AdapterError("network", "no route");
      return "ok";
    });
    await outbox.add(letter("a"));
    await outbox.add(letter("b"));
    await vi.advanceTimersByTimeAsync(1_000);
    await storage.clear("");
    isDown = false;
    await outbox.add(letter("c"));
    await vi.runAllTimersAsync();
    expect([sent, outbox.entries.value]).toEqual([["a", "b", "c"], []]);
  });

  test("waits at least as long as the server asks for", async () => {
    const times: number[] = [];
    const { outbox } = open(async () => {
      times.push(Date.now());
      if (times.length === 1) throw new AdapterError("rate-limited", "slow down", { retryAfterMs: 7_000 });
      return "ok";
    });
    void outbox.add(letter("a"));
    await vi.runAllTimersAsync();
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(7_000);
  });

  test("goes out at once when the network comes back", async () => {
    let fail = true;
    const { outbox, sent, platform } = open(async () => {
      if (fail) throw new AdapterError("network", "no route");
      return "ok";
    });
    platform.online.value = false;
    void outbox.add(letter("a"));
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual([]);
    fail = false;
    platform.online.value = true;
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual(["a"]);
  });

  test("that is refused stays, says why, and holds nothing back", async () => {
    const { outbox, sent } = open(async ({ text }) => {
      if (text === "a") throw new AdapterError("too-large", "3 MB", { fields: { text: "long" } });
      return text;
    });
    void outbox.add(letter("a"));
    void outbox.add(letter("b"));
    await vi.runAllTimersAsync();
    expect(sent).toEqual(["b"]);
    expect(outbox.entries.value.map(({ state }) => state)).toEqual([
      { status: "refused", code: "too-large", fields: { text: "long" } },
    ]);
  });

  test("that was refused stays refused after a reload, and is asked again only when the member says so, under a new id", async () => {
    const asked: string[] = [];
    let refuse = true;
    const send = async ({ clientId }: Letter) => {
      asked.push(clientId);
      if (refuse) throw new AdapterError("invalid", "no");
      return "ok";
    };
    const before = open(send);
    void before.outbox.add(letter("a"));
    await vi.runAllTimersAsync();
    before.outbox[Symbol.dispose]();

    const after = open(send, before.storage);
    await vi.runAllTimersAsync();
    expect(after.states()).toEqual(["refused"]);
    expect(asked).toEqual(["id-a"]);
    refuse = false;
    after.outbox.retry();
    await vi.runAllTimersAsync();
    expect(asked).toHaveLength(2);
    expect(asked[1]).not.toBe("id-a");
    expect(after.sent).toEqual(["a"]);
    expect(await after.storage.get("outbox")).toEqual([]);
  });

  test("in one lane does not wait for another", async () => {
    const { sent, outbox, states } = open(
      async ({ text }) => {
        if (text === "a1") throw new AdapterError("network", "no route", { retryAfterMs: 60_000 });
        return text;
      },
      undefined,
      ({ text }) => text.charAt(0),
    );
    for (const text of ["a1", "b1", "a2", "b2"]) void outbox.add(letter(text));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent).toEqual(["b1", "b2"]);
    expect(states()).toEqual(["retrying", "waiting"]);
  });

  test("with an answer that says nothing of the cause is asked for three times, then refused", async () => {
    let asked = 0;
    const { outbox, states } = open(async () => {
      asked += 1;
      throw new AdapterError("unknown", "status 500");
    });
    void outbox.add(letter("a"));
    await vi.runAllTimersAsync();
    expect(asked).toBe(3);
    expect(states()).toEqual(["refused"]);
  });

  test("goes on after a reload", async () => {
    const before = open(() => new Promise(() => undefined));
    void before.outbox.add(letter("a"));
    void before.outbox.add(letter("b"));
    await vi.advanceTimersByTimeAsync(0);
    before.outbox[Symbol.dispose]();

    const after = open(async () => "ok", before.storage);
    await vi.runAllTimersAsync();
    expect(after.sent).toEqual(["a", "b"]);
    expect(await after.storage.get("outbox")).toEqual([]);
  });

  test("works where the browser refuses to store", async () => {
    const refusing = {
      ...memoryStorage(),
      get: () => Promise.reject(new Error("denied")),
      update: () => Promise.reject(new Error("denied")),
    };
    const { outbox, sent } = open(async () => "ok", refusing);
    void outbox.add(letter("a"));
    await vi.runAllTimersAsync();
    expect(sent).toEqual(["a"]);
  });
});
