import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { memory } from "../../src/adapters/memory/index.ts";
import { AdapterError } from "../../src/core/contract/errors.ts";
import { eventStream } from "../../src/gateway/server-sent-events.ts";
import { HEARTBEAT_MS } from "../../src/protocol/limits.ts";
import { STREAMS_PER_MEMBER } from "../../src/gateway/bounds.ts";
import { ana, boris } from "../adapters/members.ts";
import { as, create, json, request, send } from "./calls.ts";
import { serve, siteToken, type Running } from "./server.ts";

let running: Running;
let token: string;
let id: string;
beforeAll(async () => {
  running = await serve();
  token = await as(ana);
  id = String((await json(await create(running, "/chat/conversations", token, request({ question: "0" }))))["id"]);
});
afterAll(async () => await running.stop());

/** Reads a stream until it contains `text`, then disconnects. */
async function listen(path: string, text: string, headers: Record<string, string> = {}) {
  const stop = new AbortController();
  const answer = await fetch(`${running.url}${path}`, {
    headers: { Authorization: `Bearer ${token}`, ...headers },
    signal: stop.signal,
  });
  let seen = "";
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    seen += decoder.decode(chunk, { stream: true });
    if (seen.includes(text)) break;
  }
  stop.abort();
  return { answer, seen };
}

describe("an event stream", () => {
  test("declares its type, is not buffered or cached, and gives each event its id, type and data", async () => {
    const { answer, seen } = await listen(`/chat/conversations/${id}/events`, '"text":"0"');
    expect(answer.headers.get("Content-Type")).toBe("text/event-stream; charset=utf-8");
    expect(answer.headers.get("Cache-Control")).toContain("no-store");
    expect(answer.headers.get("X-Accel-Buffering")).toBe("no");
    expect(seen).toMatch(/^retry: \d+\n\n/);
    expect(seen).toMatch(/id: 1\nevent: conversation\ndata: \{.*\}\n\n/);
    expect(seen).toMatch(/id: 2\nevent: message\ndata: \{.*"cursor":"2".*\}\n\n/);
  });

  test.each([
    ["the Last-Event-ID header", "", { "Last-Event-ID": "2" }],
    ["the query", "?cursor=2", {}],
  ])("resumes after the cursor in %s", async (_where, query, headers) => {
    await running.desk.agent.say(id, "next");
    const { seen } = await listen(`/chat/conversations/${id}/events${query}`, "next", headers);
    expect(seen).not.toContain('"text":"0"');
    expect(seen).toContain("id: 3\n");
  });

  test("ends at the desk when the client disconnects", async () => {
    await listen(`/chat/conversations/${id}/events`, '"text":"0"');
    await expect.poll(() => running.desk.agent.listeners()).toBe(0);
  });

  test("is not opened by HEAD", async () => {
    const answer = await fetch(`${running.url}/tickets/events`, {
      method: "HEAD",
      headers: { Authorization: `Bearer ${token}` },
    });
    expect(answer.status).toBe(200);
    expect(running.desk.agent.listeners()).toBe(0);
  });

  test("starts at once, even without events", async () => {
    const { seen } = await listen("/tickets/events", "retry");
    expect(seen).toBe("retry: 1000\n\n");
  });

  test("refuses an invalid cursor with its status", async () => {
    const answer = await fetch(`${running.url}/chat/conversations/${id}/events?cursor=x`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    expect(answer.status).toBe(422);
  });

  test("ignores an empty Last-Event-ID", async () => {
    const { seen } = await listen(`/chat/conversations/${id}/events`, '"text":"0"', { "Last-Event-ID": "" });
    expect(seen).toContain("id: 1\n");
  });

  test("a member has twenty of them at most; one more is told to wait", async () => {
    const stop = new AbortController();
    const many = await serve();
    const open = async (who: string) =>
      await fetch(`${many.url}/tickets/events`, { headers: { Authorization: `Bearer ${who}` }, signal: stop.signal });
    const mine = await siteToken(ana, "7m");
    const answers = await Promise.all(Array.from({ length: STREAMS_PER_MEMBER }, async () => await open(mine)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const more = await open(await siteToken(ana, "8m"));
    expect([more.status, more.headers.get("Retry-After")]).toEqual([429, "15"]);
    expect((await open(await as(boris))).status).toBe(200);
    stop.abort();
    const again = new AbortController();
    await expect
      .poll(async () => {
        const answer = await fetch(`${many.url}/tickets/events`, {
          headers: { Authorization: `Bearer ${mine}` },
          signal: again.signal,
        });
        return answer.status;
      })
      .toBe(200);
    again.abort();
    await many.stop();
  });

  test("ends when the token expires", async () => {
    // Requests tolerate half a minute more, but a stream does not outlive its token.
    // It expires on a whole second, and a busy machine needs time to ask.
    const short = await siteToken(ana, "3s");
    const answer = await fetch(`${running.url}/tickets/events`, { headers: { Authorization: `Bearer ${short}` } });
    expect(await answer.text()).toBe("retry: 1000\n\n");
  });
});

test("a stream ends at once when its caller signs out, and sends no later events", async () => {
  const open = await fetch(`${running.url}/chat/conversations/${id}/events`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  const told = open.text();
  await send(running, "/session/sign-out", { method: "POST", token });
  token = await siteToken(ana, "6m");
  await running.desk.agent.say(id, "after the sign-out");
  expect(await told).not.toContain("after the sign-out");
});

describe("inside a stream", () => {
  const options = {
    signal: new AbortController().signal,
    expiresAt: Date.now() + 3_600_000,
    encode: (event: object) => JSON.stringify(event),
    stillAllowed: async () => true,
    over: new AbortController().signal,
    onEnd: () => undefined,
    onError: () => undefined,
  };

  test("a heartbeat comes every 15 s, and a stream that is no longer allowed ends with the next one", async () => {
    vi.useFakeTimers();
    try {
      let allowed = true;
      const stopped = vi.fn<() => void>();
      const starting = eventStream({
        ...options,
        expiresAt: Date.now() + 3_600_000,
        stillAllowed: async () => allowed,
        async *open(signal) {
          await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
          stopped();
          yield* [];
        },
      });
      await vi.advanceTimersByTimeAsync(100);
      const reader = (await starting).body?.pipeThrough(new TextDecoderStream()).getReader();
      expect((await reader?.read())?.value).toMatch(/^retry/);
      const beat = reader?.read();
      await vi.advanceTimersByTimeAsync(HEARTBEAT_MS);
      expect((await beat)?.value).toBe(": beat\n\n");
      allowed = false;
      const end = reader?.read();
      await vi.advanceTimersByTimeAsync(HEARTBEAT_MS);
      expect((await end)?.done).toBe(true);
      expect(stopped).toHaveBeenCalledOnce();
    } finally {
      vi.useRealTimers();
    }
  });

  test("a stream that is never silent also ends within a heartbeat, even if the sign-out was not announced", async () => {
    vi.useFakeTimers();
    try {
      let allowed = true;
      const returned = vi.fn<() => void>();
      const starting = eventStream({
        ...options,
        expiresAt: Date.now() + 3_600_000,
        stillAllowed: async () => allowed,
        // It ignores signals.
        async *open() {
          try {
            for (let cursor = 0; ; cursor += 1) {
              await new Promise((resolve) => setTimeout(resolve, 1000));
              yield { type: "message", cursor: String(cursor) };
            }
          } finally {
            returned();
          }
        },
      });
      await vi.advanceTimersByTimeAsync(100);
      const told = (await starting).text();
      await vi.advanceTimersByTimeAsync(60_000);
      allowed = false;
      await vi.advanceTimersByTimeAsync(HEARTBEAT_MS + 2000);
      const text = await told;
      expect(text).toContain("id: 55\n");
      expect(text).not.toContain("id: 76\n");
      expect(returned).toHaveBeenCalledOnce();
    } finally {
      vi.useRealTimers();
    }
  });

  test("a client that has stopped reading is disconnected after two heartbeats, whatever is queued for it", async () => {
    vi.useFakeTimers();
    try {
      const ended = vi.fn<() => void>();
      const starting = eventStream({
        ...options,
        expiresAt: Date.now() + 3_600_000,
        onEnd: ended,
        async *open() {
          for (let cursor = 0; ; cursor += 1) yield { type: "message", cursor: String(cursor) };
        },
      });
      await vi.advanceTimersByTimeAsync(100);
      const reader = (await starting).body?.getReader();
      await reader?.read();
      await vi.advanceTimersByTimeAsync(2 * HEARTBEAT_MS + 100);
      expect(ended).toHaveBeenCalledOnce();
      await expect(reader?.read()).rejects.toThrow("reads nothing");
    } finally {
      vi.useRealTimers();
    }
  });

  test("events queued for a client that does not read are not sent once its caller has signed out", async () => {
    const over = new AbortController();
    const answer = await eventStream({
      ...options,
      over: over.signal,
      async *open() {
        yield { type: "message", cursor: "1" };
        yield { type: "message", cursor: "2" };
      },
    });
    const reader = answer.body?.getReader();
    await reader?.read();
    await new Promise((resolve) => setTimeout(resolve, 20));
    over.abort();
    await expect(reader?.read()).resolves.toMatchObject({ done: true });
  });

  test("a temporary failure is reported with how long to wait", async () => {
    const answer = await eventStream({
      ...options,
      async *open() {
        yield { type: "message", cursor: "1" };
        throw new AdapterError("rate-limited", "slowly", { retryAfterMs: 7000 });
      },
    });
    const text = await answer.text();
    expect(text).toMatch(/event: problem\ndata: \{.*"retryAfterMs":7000.*\}\n\n$/);
  });

  test("a later failure is sent as an event, without the desk's details, and logged", async () => {
    const errors: unknown[] = [];
    const failure = new AdapterError("unavailable", "db.internal is down");
    const answer = await eventStream({
      ...options,
      onError: (error) => void errors.push(error),
      async *open() {
        yield { type: "message", cursor: "1" };
        throw failure;
      },
    });
    const text = await answer.text();
    expect(text).toContain("id: 1\nevent: message\n");
    expect(text).toMatch(/event: problem\ndata: \{.*"code":"unavailable".*\}\n\n$/);
    expect(text).not.toContain("internal");
    expect(errors).toEqual([failure]);
  });

  test("a cursor with a line break adds no field", async () => {
    const answer = await eventStream({
      ...options,
      async *open() {
        yield { type: "message", cursor: "1\nevent: problem" };
      },
    });
    expect(await answer.text()).not.toMatch(/^event: problem/m);
  });
});

test("a desk without events has no such route", async () => {
  const desk = memory();
  const plain = await serve(
    {},
    { ...desk, tickets: { create: async (...call) => await desk.tickets!.create(...call) } },
  );
  const answer = await fetch(`${plain.url}/tickets/events`, { headers: { Authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(404);
  await plain.stop();
});
