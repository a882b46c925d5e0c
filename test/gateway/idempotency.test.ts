import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { memory } from "../../src/adapters/memory/index.ts";
import { AdapterError } from "../../src/core/contract/errors.ts";
import { once, type Outcome } from "../../src/gateway/idempotency.ts";
import { memoryStore } from "../../src/gateway/index.ts";
import { ana } from "../adapters/members.ts";
import { as, create, draft, json, request, send } from "./calls.ts";
import { serve, type Running } from "./server.ts";

let running: Running;
let token: string;
beforeAll(async () => {
  running = await serve();
  token = await as(ana);
});
afterAll(async () => await running.stop());

describe("a request that creates a record", () => {
  test.each([
    ["/tickets", draft()],
    ["/chat/conversations", request()],
    ["/tickets/1/messages", { clientId: crypto.randomUUID(), text: "x" }],
    ["/chat/conversations/1/messages", { clientId: crypto.randomUUID(), text: "x" }],
  ])("POST %s needs an Idempotency-Key, which is the body's clientId: else 400", async (path, body) => {
    expect((await send(running, path, { token, body })).status).toBe(400);
    const other = await send(running, path, { token, body, key: crypto.randomUUID() });
    expect(other.status).toBe(400);
    expect(await other.json()).toMatchObject({ code: "invalid", status: 400 });
  });

  test("a retry gets the first answer, and is executed once", async () => {
    const body = draft();
    const before = await running.desk.agent.ticketCount();
    const first = await create(running, "/tickets", token, body);
    const again = await create(running, "/tickets", token, body);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(await again.json()).toEqual(await first.json());
    expect(await running.desk.agent.ticketCount()).toBe(before + 1);
  });

  test("a key may be in quotes, as in the draft standard", async () => {
    const body = draft();
    const answer = await send(running, "/tickets", { token, body, key: `"${body.clientId}"` });
    expect(answer.status).toBe(201);
  });

  test("the same key with another body is 422", async () => {
    const body = draft();
    await create(running, "/tickets", token, body);
    const other = await create(running, "/tickets", token, { ...body, text: "Something else." });
    expect(other.status).toBe(422);
    expect(await other.json()).toMatchObject({ code: "invalid" });
  });

  test("a refusal of the desk is repeated without asking it", async () => {
    const body = draft({ attachments: ["nobody's"] });
    const first = await create(running, "/tickets", token, body);
    const again = await create(running, "/tickets", token, body);
    expect([first.status, again.status]).toEqual([422, 422]);
    expect(again.headers.get("Content-Type")).toBe("application/problem+json");
    expect(await again.json()).toEqual(await first.json());
  });
});

/** A desk whose `create` waits for the test, or fails. */
function heldDesk() {
  const desk = memory();
  const held: { readonly open: () => void; readonly fail: (error: Error) => void }[] = [];
  const tickets: NonNullable<typeof desk.tickets> = {
    async create(...call) {
      await new Promise<void>((resolve, reject) => held.push({ open: resolve, fail: reject }));
      if (desk.tickets === undefined) throw new Error("no tickets");
      return await desk.tickets.create(...call);
    },
  };
  return { desk: { ...desk, tickets }, held };
}

describe("while the desk is slow or down", () => {
  test("a retry is 409 while the first call runs, and says when to retry", async () => {
    const { desk, held } = heldDesk();
    const slow = await serve({}, desk);
    const body = draft();
    const first = create(slow, "/tickets", token, body);
    await expect.poll(() => held.length).toBe(1);
    const second = await create(slow, "/tickets", token, body);
    expect(second.status).toBe(409);
    expect(second.headers.get("Retry-After")).toBe("1");
    held[0]?.open();
    expect((await first).status).toBe(201);
    const third = await create(slow, "/tickets", token, body);
    expect(await third.json()).toEqual(await (await first).json());
    expect(held).toHaveLength(1);
    await slow.stop();
  });

  test("a long call stays the only one, and the lock of a copy that died soon expires", async () => {
    vi.useFakeTimers();
    try {
      const store = memoryStore();
      let finish: (outcome: Outcome) => void = () => undefined;
      const finished = new Promise<Outcome>((resolve) => {
        finish = resolve;
      });
      const call = (key: string, run: () => Promise<Outcome>) =>
        once({ store, key, fingerprint: "same", run, onStoreError: () => undefined });
      const first = call("key", () => finished);
      for (let seconds = 0; seconds < 30; seconds += 1) await vi.advanceTimersByTimeAsync(1000);
      await expect(call("key", () => finished)).rejects.toThrow("still running");
      finish({ status: 201, body: "made" });
      expect(await first).toEqual({ status: 201, body: "made" });
      await vi.advanceTimersByTimeAsync(60_000);
      expect(await call("key", () => finished)).toEqual({ status: 201, body: "made", isReplay: true });

      // What a copy leaves behind when it is killed in the middle: its lock, which nothing renews.
      await store.setIfAbsent("other", JSON.stringify({ fingerprint: "same" }), 10_000);
      await vi.advanceTimersByTimeAsync(10_000);
      expect(await call("other", async () => ({ status: 201, body: "again" }))).toMatchObject({
        body: "again",
      });
    } finally {
      vi.useRealTimers();
    }
  });

  test("a client that disconnects loses nothing: the ticket is created, and the retry finds it", async () => {
    const { desk, held } = heldDesk();
    const slow = await serve({}, desk);
    const body = draft();
    const gone = new AbortController();
    const cut = fetch(`${slow.url}/tickets`, {
      method: "POST",
      signal: gone.signal,
      headers: {
        Authorization: `Bearer ${token}`,
        "Idempotency-Key": body.clientId,
        "Content-Type": "application/json",
      },
      body: JSON.stringify(body),
    });
    await expect.poll(() => held.length).toBe(1);
    gone.abort();
    await expect(cut).rejects.toThrow(/abort/i);
    held[0]?.open();
    await expect.poll(async () => (await create(slow, "/tickets", token, body)).status).toBe(201);
    expect(await desk.agent.ticketCount()).toBe(1);
    await slow.stop();
  });

  test("a failure of the desk is not stored: a retry tries again", async () => {
    const { desk, held } = heldDesk();
    const slow = await serve({}, desk);
    const body = draft();
    const first = create(slow, "/tickets", token, body);
    await expect.poll(() => held.length).toBe(1);
    held[0]?.fail(new AdapterError("unavailable", "the database is full", { retryAfterMs: 2500 }));
    const failed = await first;
    expect(failed.status).toBe(503);
    expect(failed.headers.get("Retry-After")).toBe("3");
    expect(JSON.stringify(await json(failed))).not.toContain("database");
    const second = create(slow, "/tickets", token, body);
    await expect.poll(() => held.length).toBe(2);
    held[1]?.open();
    expect((await second).status).toBe(201);
    await slow.stop();
  });
});

describe("the stored outcome", () => {
  const big = "x".repeat(90_000);

  test("has none of the member's text: a retry sends it again, and gets the same answer", async () => {
    const store = memoryStore();
    const values: string[] = [];
    const set: typeof store.set = async (key, value, ttlMs) => {
      values.push(value);
      await store.set(key, value, ttlMs);
    };
    const other = await serve({ store: { ...store, set } });
    const chat = await json(await create(other, "/chat/conversations", token, request()));
    const body = { clientId: crypto.randomUUID(), text: big };
    const path = `/chat/conversations/${String(chat["id"])}/messages`;
    const first = await create(other, path, token, body);
    const again = await create(other, path, token, body);
    expect(first.headers.get("Idempotency-Replayed")).toBeNull();
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(await again.json()).toEqual(await first.json());
    expect(Math.max(...values.map(({ length }) => length))).toBeLessThan(4096);
    await other.stop();
  });

  test("has the desk's own text where it differs from the member's", async () => {
    const desk = memory();
    const chat = desk.chat && {
      ...desk.chat,
      send: async (...call: Parameters<NonNullable<typeof desk.chat>["send"]>) => {
        const message = await desk.chat?.send(...call);
        if (!message) throw new Error("no chat");
        return { ...message, text: message.text.trim() };
      },
    };
    const other = await serve({}, { ...desk, ...(chat && { chat }) });
    const opened = await json(await create(other, "/chat/conversations", token, request()));
    const body = { clientId: crypto.randomUUID(), text: "  Hi  " };
    const path = `/chat/conversations/${String(opened["id"])}/messages`;
    const first = await json(await create(other, path, token, body));
    expect(await json(await create(other, path, token, body))).toEqual(first);
    expect(first["text"]).toBe("Hi");
    await other.stop();
  });

  test.each([403, 404])("is no %i: the cause may be fixed at the desk, and a retry asks it", async (status) => {
    const desk = memory();
    let isMended = false;
    const refused = new AdapterError(status === 403 ? "forbidden" : "not-found", "locked");
    const tickets: NonNullable<typeof desk.tickets> = {
      async create(...call) {
        if (!isMended || !desk.tickets) throw refused;
        return await desk.tickets.create(...call);
      },
    };
    const other = await serve({}, { ...desk, tickets });
    const body = draft();
    expect((await create(other, "/tickets", token, body)).status).toBe(status);
    isMended = true;
    expect((await create(other, "/tickets", token, body)).status).toBe(201);
    await other.stop();
  });
});

describe("a store that fails just when the desk has written", () => {
  function storeThatFails() {
    const inner = memoryStore();
    const state = { isAway: false };
    const failing =
      <T extends unknown[], R>(call: (...given: T) => Promise<R>) =>
      async (...given: T): Promise<R> => {
        if (state.isAway) throw new AdapterError("unavailable", "Redis is away");
        return await call(...given);
      };
    return { state, store: { ...inner, set: failing(inner.set), delete: failing(inner.delete) } };
  }

  test("causes no failure: the desk's result is answered", async () => {
    const { state, store } = storeThatFails();
    const desk = memory();
    const tickets: NonNullable<typeof desk.tickets> = {
      async create(...call) {
        state.isAway = true;
        if (!desk.tickets) throw new Error("no tickets");
        return await desk.tickets.create(...call);
      },
    };
    const other = await serve({ store }, { ...desk, tickets });
    expect((await create(other, "/tickets", token, draft())).status).toBe(201);
    expect(other.errors).toMatchObject([{ message: "Redis is away" }]);
    await other.stop();
  });

  test("hides no failure of the desk", async () => {
    const { state, store } = storeThatFails();
    const desk = memory();
    const tickets: NonNullable<typeof desk.tickets> = {
      async create() {
        state.isAway = true;
        throw new AdapterError("rate-limited", "slowly", { retryAfterMs: 9000 });
      },
    };
    const other = await serve({ store }, { ...desk, tickets });
    const answer = await create(other, "/tickets", token, draft());
    expect([answer.status, answer.headers.get("Retry-After")]).toEqual([429, "9"]);
    await other.stop();
  });
});

test("a desk that never answers and ignores signals delays a member no longer than a call may last", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const timeout = vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new DOMException("late", "TimeoutError")), ms);
    return controller.signal;
  });
  const desk = memory();
  const never = new Promise<never>(() => undefined);
  const asked = vi.fn<() => Promise<never>>(() => never);
  const other = await serve({}, { ...desk, tickets: { create: asked, list: asked } });
  try {
    const answers = [create(other, "/tickets", token, draft()), send(other, "/tickets", { token })];
    await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(2));
    await vi.advanceTimersByTimeAsync(30_000);
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([504, 504]);
  } finally {
    vi.useRealTimers();
    timeout.mockRestore();
    await other.stop();
  }
});
