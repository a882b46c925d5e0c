import { afterEach, describe, expect, test, vi } from "vitest";
import { connectRest, type RestOptions } from "../../src/adapters/rest/index.ts";
import type { Adapter, TicketEvent, TicketsApi } from "../../src/core/contract/adapter.ts";
import { isAdapterError } from "../../src/core/contract/errors.ts";
import { hang, hostile, json, reset, session, status, type Answer, type Hostile } from "./hostile.ts";
import { keptToken } from "./tokens.ts";

let server: Hostile;
afterEach(async () => {
  vi.useRealTimers();
  await server.stop();
});

const ctx = (signal = new AbortController().signal) => ({ signal, locale: "sl" });
const draft = { clientId: "8a1b7cf0-0d5e-4d55-9d35-3c0f3f4f6f10", title: "a", text: "b" };
const ticket = {
  id: "1",
  number: "1001",
  title: "a",
  status: "open",
  createdAt: "2026-01-01",
  updatedAt: "2026-01-01",
};
const message = { id: "m", author: { id: "a", role: "agent" }, text: "hi", at: "2026-01-01" };

async function connected(
  answers: Readonly<Record<string, Answer>>,
  options: Partial<RestOptions> = {},
): Promise<Adapter> {
  server = await hostile(answers);
  return await connectRest({ endpoint: server.url, token: keptToken("t"), ...options }, ctx());
}

async function ticketsOf(
  answers: Readonly<Record<string, Answer>>,
  options: Partial<RestOptions> = {},
): Promise<TicketsApi> {
  const { tickets } = await connected(answers, options);
  if (tickets === undefined) throw new Error("no tickets");
  return tickets;
}

async function failureOf(answer: Answer) {
  const tickets = await ticketsOf({ "POST /tickets": answer });
  const error: unknown = await tickets.create(draft, ctx()).catch((reason: unknown) => reason);
  if (!isAdapterError(error)) throw new Error("expected an AdapterError", { cause: error });
  return error;
}

describe("an answer that is not the gateway's", () => {
  test.each<[string, Answer, string]>([
    ["a captive portal's page", json("<html>Log in to the Wi-Fi</html>", 200, "text/html"), "network"],
    ["nothing where an answer belongs", status(204), "network"],
    ["half of its JSON", json('{"id":"1","numb'), "unknown"],
    ["JSON of another shape", json([1, 2, 3]), "unknown"],
    ["JSON with a null in it", json({ ...ticket, title: null }), "unknown"],
    ["JSON null", json(null), "unknown"],
    ["a proxy's 502 page", status(502), "unavailable"],
    ["a proxy's 504 page", status(504), "timeout"],
    ["a proxy's 413 page", status(413), "too-large"],
    ["a 500 page", status(500), "unknown"],
    ["a status that nobody knows", status(418), "unknown"],
    ["a problem that is no JSON", json("<html>", 503, "application/problem+json"), "unavailable"],
    ["a problem of another shape", json({ code: 7, detail: [] }, 404, "application/problem+json"), "not-found"],
    ["a problem with a code of tomorrow", json({ code: "on-fire" }, 503, "application/problem+json"), "unavailable"],
    ["a connection cut at once", reset, "network"],
  ])("%s is an AdapterError", async (_what, answer, code) => {
    expect((await failureOf(answer)).code).toBe(code);
  });

  test("cut in the middle is `network`", async () => {
    const error = await failureOf((_request, response) => {
      response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "1000" });
      response.write('{"id":');
      setImmediate(() => response.destroy());
    });
    expect(error.code).toBe("network");
  });

  test("without a server is `network`, with its cause", async () => {
    const tickets = await ticketsOf({});
    await server.stop();
    const error: unknown = await tickets.create(draft, ctx()).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "network", cause: expect.any(Error) as unknown });
    server = await hostile({});
  });

  test("of a newer gateway is read: unknown parts are ignored", async () => {
    const tickets = await ticketsOf({ "POST /tickets": json({ ...ticket, mood: "good" }, 201) });
    expect(await tickets.create(draft, ctx())).toEqual(ticket);
  });
});

describe("a problem", () => {
  test("has its code, its fields and a text for developers", async () => {
    const problem = { code: "invalid", detail: "the body is not as it should be", fields: { title: "is too long" } };
    const error = await failureOf(json(problem, 422, "application/problem+json"));
    expect(error).toMatchObject({ code: "invalid", message: problem.detail, fields: problem.fields });
  });

  test.each([
    ["seconds", "7", 7000],
    ["a date", new Date(Date.now() + 60_000).toUTCString(), 60_000],
  ])("says how long to wait, in %s", async (_form, header, ms) => {
    const error = await failureOf(status(429, { "Retry-After": header }));
    expect(error.code).toBe("rate-limited");
    expect(Math.abs((error.retryAfterMs ?? 0) - ms)).toBeLessThan(2000);
  });

  test("ignores an invalid Retry-After", async () => {
    expect((await failureOf(status(503, { "Retry-After": "soon" }))).retryAfterMs).toBeUndefined();
  });
});

describe("time", () => {
  test("a call that is not answered within 15 seconds is `timeout`", async () => {
    const tickets = await ticketsOf({ "POST /tickets": hang });
    vi.useFakeTimers();
    const call = tickets.create(draft, ctx()).catch((reason: unknown) => reason);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await call).toMatchObject({ code: "timeout" });
  });

  test("an answer that never ends is `timeout` too", async () => {
    const tickets = await ticketsOf({
      "POST /tickets": (_request, response) => {
        response.writeHead(200, { "Content-Type": "application/json" });
        response.write("{");
      },
    });
    vi.useFakeTimers();
    const call = tickets.create(draft, ctx()).catch((reason: unknown) => reason);
    await vi.waitFor(() => expect(server.asked).toContain("POST /tickets"));
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await call).toMatchObject({ code: "timeout" });
  });

  test("an abort during a call rejects with its own reason", async () => {
    const tickets = await ticketsOf({ "POST /tickets": hang });
    const abort = new AbortController();
    const reason = new Error("the widget was closed");
    const call = tickets.create(draft, ctx(abort.signal));
    await expect.poll(() => server.asked).toContain("POST /tickets");
    abort.abort(reason);
    await expect(call).rejects.toBe(reason);
  });

  test("an abort while the site is asked for a token rejects with its own reason", async () => {
    const token = { get: () => new Promise<undefined>(() => undefined), set: async () => undefined };
    server = await hostile({});
    const abort = new AbortController();
    const connecting = connectRest({ endpoint: server.url, token }, ctx(abort.signal));
    const reason = new Error("closed");
    abort.abort(reason);
    await expect(connecting).rejects.toBe(reason);
    expect(server.asked).toEqual([]);
  });
});

const needs =
  (good: string): Answer =>
  (request, response) => {
    const answer = request.headers.authorization === `Bearer ${good}` ? json(ticket, 201) : status(401);
    return answer(request, response);
  };

describe("the caller's token", () => {
  test("is renewed once for many calls when it has expired, and they continue", async () => {
    let now = "old";
    const renew = vi.fn<() => Promise<string>>(async () => (now = "new"));
    const token = { get: async () => now, set: async () => undefined, renew };
    const tickets = await ticketsOf({ "POST /tickets": needs("new") }, { token });
    const made = await Promise.all([1, 2, 3].map(() => tickets.create(draft, ctx())));
    expect(made).toEqual([ticket, ticket, ticket]);
    expect(renew).toHaveBeenCalledOnce();
  });

  test("is not renewed forever if the new one is invalid too", async () => {
    let count = 0;
    const token = { get: async () => `t${count}`, set: async () => undefined, renew: async () => `t${(count += 1)}` };
    const tickets = await ticketsOf({ "POST /tickets": status(401) }, { token });
    await expect(tickets.create(draft, ctx())).rejects.toMatchObject({ code: "unauthorized" });
    expect(count).toBe(1);
  });

  test("a member whose session has ended does not silently become a guest", async () => {
    const tickets = await ticketsOf({ "POST /tickets": status(401) });
    await expect(tickets.create(draft, ctx())).rejects.toMatchObject({ code: "unauthorized" });
    expect(server.asked).not.toContain("POST /session/guest");
  });

  test("a caller without a token becomes one guest, however many calls need it", async () => {
    const token = keptToken();
    const guest = json({ token: "g", member: { id: "guest:1", guest: true }, expiresAt: "2026-02-01" }, 201);
    const tickets = await ticketsOf({ "POST /tickets": needs("g"), "POST /session/guest": guest }, { token });
    expect(server.asked).toEqual(["GET /session"]);
    await Promise.all([1, 2, 3].map(() => tickets.create(draft, ctx())));
    expect(server.asked.filter((call) => call === "POST /session/guest")).toHaveLength(1);
    expect(token.now()).toBe("g");
  });

  test("a site whose own token code fails is `unavailable`, not a crash", async () => {
    server = await hostile({});
    const token = { get: () => Promise.reject(new TypeError("site bug")), set: async () => undefined };
    await expect(connectRest({ endpoint: server.url, token }, ctx())).rejects.toMatchObject({ code: "unavailable" });
  });

  test("a token that is invalid at the start is forgotten, and the session is anonymous", async () => {
    const token = keptToken("stale");
    server = await hostile({
      "GET /session": (request, response) =>
        (request.headers.authorization === undefined ? json(session) : status(401))(request, response),
    });
    const adapter = await connectRest({ endpoint: server.url, token }, ctx());
    expect(await adapter.session?.current(ctx())).toEqual(session.session);
    expect(token.now()).toBeUndefined();
  });

  test("signing in stores the token, signing out forgets it even if the gateway is unreachable", async () => {
    const token = keptToken();
    const answer = json({ token: "mine", member: { id: "ana" }, expiresAt: "2026-02-01" });
    const adapter = await connected({ "POST /session/sign-in": answer, "POST /session/sign-out": reset }, { token });
    expect(await adapter.accounts?.signIn({ username: "ana", password: "x" }, ctx())).toEqual({ id: "ana" });
    expect(token.now()).toBe("mine");
    await expect(adapter.session?.signOut(ctx())).rejects.toMatchObject({ code: "network" });
    expect(token.now()).toBeUndefined();
  });

  test("the chat page's code is exchanged before anything else; a used one keeps the existing token", async () => {
    const token = keptToken();
    const good = json({ token: "page", member: { id: "ana" }, expiresAt: "2026-02-01" });
    await connected({ "POST /session/redeem": good }, { token, code: "c" });
    expect(server.asked).toEqual(["POST /session/redeem", "GET /session"]);
    expect(token.now()).toBe("page");
    await server.stop();
    await connected({ "POST /session/redeem": status(401) }, { token, code: "c" });
    expect(token.now()).toBe("page");
  });

  test("the session is requested once at the start, and again after that", async () => {
    const adapter = await connected({});
    await adapter.session?.current(ctx());
    expect(server.asked).toHaveLength(1);
    await adapter.session?.current(ctx());
    expect(server.asked).toHaveLength(2);
  });
});

test("capabilities that the gateway's desk lacks are absent", async () => {
  const adapter = await connected({ "GET /session": json({ ...session, capabilities: { tickets: ["create"] } }) });
  expect(Object.keys(adapter).toSorted()).toEqual(["name", "session", "tickets"]);
  expect(Object.keys(adapter.tickets ?? {})).toEqual(["create"]);
  expect(Object.keys(adapter.session ?? {}).toSorted()).toEqual(["answer", "current", "signOut"]);
});

test("an id of dots leads to no other address", async () => {
  const adapter = await connected({});
  for (const id of ["..", ".", "", "\ud800"]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await expect(adapter.chat?.send(id, { clientId: draft.clientId, text: "x" }, ctx())).rejects.toMatchObject({
      code: "not-found",
    });
  }
  expect(server.asked).toEqual(["GET /session"]);
});

const stream =
  (...parts: readonly string[]): Answer =>
  (_request, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    for (const part of parts) response.write(part);
  };

const event = (id: string) =>
  `id: ${id}\nevent: message\ndata: ${JSON.stringify({ type: "message", cursor: id, ticketId: "1", message })}\n\n`;

async function readAll(answer: Answer, options: { cursor?: string; stopAfter?: number } = {}) {
  const tickets = await ticketsOf({ "GET /tickets/events": answer });
  const seen: TicketEvent[] = [];
  const abort = new AbortController();
  try {
    for await (const each of tickets.events?.(options.cursor, ctx(abort.signal)) ?? []) {
      seen.push(each);
      if (seen.length === options.stopAfter) abort.abort();
    }
  } catch (error) {
    return { seen, error };
  }
  return { seen, error: undefined };
}

describe("the event stream", () => {
  test.each<[string, Answer, string]>([
    ["204", status(204), "unavailable"],
    ["a captive portal's page", json("<html>", 200, "text/html"), "network"],
    ["JSON", json({}), "network"],
    ["a 503 page", status(503), "unavailable"],
    ["a 404 problem", json({ code: "not-found" }, 404, "application/problem+json"), "not-found"],
    ["a cut connection", reset, "network"],
    ["data that is no JSON", stream("event: message\ndata: {\n\n"), "unknown"],
    ["data of another shape", stream('event: message\ndata: {"type":"message"}\n\n'), "unknown"],
    ["a problem on the way", stream('event: problem\ndata: {"code":"forbidden","status":403}\n\n'), "forbidden"],
    ["a problem that cannot be read", stream("event: problem\ndata: <html>\n\n"), "unknown"],
  ])("that is %s throws an AdapterError", async (_what, answer, code) => {
    expect((await readAll(answer)).error).toMatchObject({ code });
  });

  test("returns whole events however they are split, and skips unknown ones", async () => {
    const whole = `retry: 1\n\n${event("1")}: beat\n\nevent: party\ndata: {"type":"party"}\n\n${event("2")}`;
    const { seen, error } = await readAll(stream(...Array.from(whole)), { stopAfter: 2 });
    expect(error).toBeUndefined();
    expect(seen.map((each) => each.cursor)).toEqual(["1", "2"]);
  });

  test("that the gateway ends, ends", async () => {
    const { seen, error } = await readAll((_request, response) => {
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      response.end(event("1"));
    });
    expect([seen.length, error]).toEqual([1, undefined]);
  });

  test("that is cut in the middle throws `network` after the complete events", async () => {
    const { seen, error } = await readAll((_request, response) => {
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      response.write(event("1"), () => response.socket?.resetAndDestroy());
    });
    expect(seen).toHaveLength(1);
    expect(error).toMatchObject({ code: "network" });
  });

  test("says where it resumes from", async () => {
    let header: unknown;
    await readAll(
      (request, response) => {
        header = request.headers["last-event-id"];
        return stream(event("8"))(request, response);
      },
      { cursor: "7", stopAfter: 1 },
    );
    expect(header).toBe("7");
  });

  test("that is silent for longer than two heartbeats is dead: `network`", async () => {
    const tickets = await ticketsOf({ "GET /tickets/events": stream("retry: 1\n\n") });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const iterator = tickets.events?.(undefined, ctx())[Symbol.asyncIterator]();
    const first = iterator?.next().catch((reason: unknown) => reason);
    await vi.waitFor(() => expect(server.asked).toContain("GET /tickets/events"));
    // The headers must have arrived before time is advanced: then only silence is measured.
    for (let round = 0; round < 5; round += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one turn of the event loop after the other
      await new Promise((resolve) => setImmediate(resolve));
    }
    await vi.advanceTimersByTimeAsync(36_000);
    expect(await first).toMatchObject({ code: "network" });
  });

  test("counts as connected after its first bytes, not after the headers", async () => {
    let write: () => void = () => undefined;
    let hasHead = false;
    const tickets = await ticketsOf({
      "GET /tickets/events": (_request, response) => {
        response.writeHead(200, { "Content-Type": "text/event-stream" }).flushHeaders();
        hasHead = true;
        write = () => response.write(": beat\n\n");
      },
    });
    const onConnected = vi.fn<() => void>();
    const stop = new AbortController();
    const iterator = tickets.events?.(undefined, { ...ctx(stop.signal), onConnected })[Symbol.asyncIterator]();
    const first = iterator?.next();
    await expect.poll(() => hasHead).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(onConnected).not.toHaveBeenCalled();
    write();
    await expect.poll(() => onConnected.mock.calls.length).toBe(1);
    stop.abort();
    expect(await first).toMatchObject({ done: true });
  });

  test("disconnects when its reader stops", async () => {
    let closed = false;
    await readAll(
      (request, response) => {
        response.on("close", () => (closed = true));
        return stream(event("1"))(request, response);
      },
      { stopAfter: 1 },
    );
    await expect.poll(() => closed).toBe(true);
  });
});
