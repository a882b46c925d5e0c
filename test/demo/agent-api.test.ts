import { once } from "node:events";
import { serve } from "@hono/node-server";
import { EventSourceParserStream } from "eventsource-parser/stream";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { createAgentApi } from "../../demo/desk/agent-api.ts";
import { ana, by, draft, picture, request, seededDesk, ticketDraft, uuid } from "./desk.ts";

/** The agent API on a real server. */
async function served() {
  const stage = await seededDesk();
  const server = serve({ fetch: createAgentApi(stage.desk.agents).fetch, port: 0, hostname: "127.0.0.1" });
  await once(server, "listening");
  const { port } = v.parse(v.object({ port: v.number() }), server.address());

  async function call(method: string, path: string, options: Options = {}): Promise<Response> {
    return await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: {
        ...(options.token === undefined ? {} : { Authorization: `Bearer ${options.token}` }),
        "Content-Type": "application/json",
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  }

  return {
    ...stage,
    call,
    async signIn(username = "nina"): Promise<string> {
      const response = await call("POST", "/sign-in", { body: { username, password: `${username}-demo` } });
      expect(response.status).toBe(200);
      return v.parse(v.object({ token: v.string() }), await response.json()).token;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
      await stage[Symbol.asyncDispose]();
    },
  };
}

interface Options {
  readonly token?: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

const routes: readonly (readonly [string, string])[] = [
  ["POST", "/sign-out"],
  ["GET", "/me"],
  ["PUT", "/availability"],
  ["GET", "/events"],
  ["GET", "/tickets"],
  ["GET", "/tickets/1"],
  ["POST", "/tickets/1/messages"],
  ["DELETE", "/tickets/1"],
  ["PUT", "/tickets/1/status"],
  ["POST", "/files"],
  ["GET", "/conversations"],
  ["GET", "/conversations/1"],
  ["POST", "/conversations/1/take"],
  ["POST", "/conversations/1/messages"],
  ["POST", "/conversations/1/typing"],
  ["POST", "/conversations/1/read"],
  ["POST", "/conversations/1/delivered"],
  ["POST", "/conversations/1/transfer"],
  ["GET", "/colleagues"],
  ["GET", "/canned"],
  ["POST", "/conversations/1/request-ticket"],
  ["POST", "/conversations/1/end"],
  ["GET", "/files/1"],
  ["GET", "/nowhere"],
];

describe("without an agent's token", () => {
  test("every route is refused", async () => {
    await using api = await served();
    const old = await api.signIn();
    await api.call("POST", "/sign-out", { token: old });
    for (const token of [undefined, "x", "A".repeat(43), old]) {
      for (const [method, path] of routes) {
        const response = await api.call(method, path, token === undefined ? {} : { token });
        expect([method, path, token, response.status]).toEqual([method, path, token, 401]);
        expect(await response.json()).toMatchObject({ code: "unauthorized" });
      }
    }
  });

  test("a member's account has no access, and gets the same error as a wrong password", async () => {
    await using api = await served();
    const answers = await Promise.all(
      [
        { username: "ana", password: "ana-demo" },
        { username: "nina", password: "wrong" },
      ].map(async (body) => {
        const response = await api.call("POST", "/sign-in", { body });
        return [response.status, await response.text()];
      }),
    );
    expect(answers[0]?.[0]).toBe(401);
    expect(answers[0]).toEqual(answers[1]);
  });

  test("guessing is rate-limited", async () => {
    await using api = await served();
    const body = { username: "nina", password: "guess" };
    for (let count = 0; count < 10; count += 1) expect((await api.call("POST", "/sign-in", { body })).status).toBe(401);
    const refused = await api.call("POST", "/sign-in", { body: { ...body, password: "nina-demo" } });
    expect([refused.status, refused.headers.get("Retry-After")]).toEqual([429, "30"]);
  });

  test("a token expires after twelve hours", async () => {
    await using api = await served();
    const token = await api.signIn();
    api.clock.at += 12 * 3_600_000 - 1;
    expect((await api.call("GET", "/me", { token })).status).toBe(200);
    api.clock.at += 1;
    expect((await api.call("GET", "/me", { token })).status).toBe(401);
  });
});

const open = async (api: Awaited<ReturnType<typeof served>>) => (await api.chat.availability(by(ana))).open;

describe("the chat", () => {
  test("is open while an available agent has the page open, and closes ten seconds after that", async () => {
    await using api = await served();
    const token = await api.signIn();
    expect(await open(api)).toBe(false);
    await api.call("PUT", "/availability", { token, body: { available: true } });
    expect(await open(api)).toBe(false);

    const page = new AbortController();
    const stream = await api.call("GET", "/events", { token, signal: page.signal });
    expect(stream.headers.get("Content-Type")).toContain("text/event-stream");
    expect(await api.chat.availability(by(ana))).toEqual({ open: true, languages: ["en"] });

    page.abort();
    await expect.poll(() => api.desk.agents.listeners()).toBe(0);
    api.clock.at += 9999;
    expect(await open(api)).toBe(true);
    api.clock.at += 1;
    expect(await open(api)).toBe(false);
  });

  test("closes immediately when the agent is unavailable or signs out, which ends the stream", async () => {
    await using api = await served();
    const token = await api.signIn();
    const stream = await api.call("GET", "/events", { token });
    await api.call("PUT", "/availability", { token, body: { available: true } });
    expect(await open(api)).toBe(true);
    await api.call("PUT", "/availability", { token, body: { available: false } });
    expect(await open(api)).toBe(false);
    await api.call("PUT", "/availability", { token, body: { available: true } });
    await api.call("POST", "/sign-out", { token });
    expect(await open(api)).toBe(false);
    // Resolves only because the server ends the stream.
    await stream.text();
    expect(api.desk.agents.listeners()).toBe(0);
  });

  test("works from the queue to its end", async () => {
    await using api = await served();
    const token = await api.signIn();
    const { id } = await api.chat.open(request("Where is it?"), by(ana));
    const stream = await api.call("GET", "/events", { token });
    const events = stream.body?.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
    const reader = events?.getReader();

    expect(await (await api.call("GET", "/conversations", { token })).json()).toMatchObject({
      queue: [{ id, position: 1, question: "Where is it?", locale: "sl", member: { name: "Ana Novak" } }],
      mine: [],
    });
    await api.chat.setTyping(id, true, by(ana));
    expect(JSON.parse((await reader?.read())?.value?.data ?? "")).toEqual({
      type: "typing",
      conversationId: id,
      typing: true,
    });
    expect((await api.call("POST", `/conversations/${id}/take`, { token })).status).toBe(200);
    expect(JSON.parse((await reader?.read())?.value?.data ?? "")).toEqual({ type: "conversation", conversationId: id });
    const message = { clientId: uuid(), text: "Hello" };
    const said = await Promise.all(
      [1, 2].map(async () =>
        (await api.call("POST", `/conversations/${id}/messages`, { token, body: message })).json(),
      ),
    );
    expect(said[0]).toEqual(said[1]);
    for (const [path, body] of [
      ["typing", { typing: true }],
      ["request-ticket", undefined],
      ["end", undefined],
    ] as const) {
      const response = await api.call("POST", `/conversations/${id}/${path}`, { token, body });
      expect([path, response.status]).toEqual([path, 204]);
    }
    expect(await (await api.call("GET", `/conversations/${id}`, { token })).json()).toMatchObject({
      conversation: { status: "ended", ticketRequested: true },
      messages: [{ text: "Where is it?" }, { text: "Hello" }],
    });
    await reader?.cancel();
  });
});

describe("tickets", () => {
  test("can be listed, searched, answered, annotated and resolved", async () => {
    await using api = await served();
    const token = await api.signIn();
    const ticket = await api.tickets.create(ticketDraft("Slovenščina - Papagaj"), by(ana));
    const get = async (path: string) => await (await api.call("GET", path, { token })).json();
    expect(await get("/tickets?status=open&search=papagaj")).toMatchObject([
      { id: ticket.id, locale: "sl", member: { name: "Ana Novak", rank: "Silver" } },
    ]);
    const write = async (kind: string, text: string) =>
      await api.call("POST", `/tickets/${ticket.id}/messages`, { token, body: { ...draft(text), kind } });
    await write("note", "Odd.");
    await write("question", "Which browser?");
    expect(await get(`/tickets/${ticket.id}`)).toMatchObject({
      ticket: { status: "awaiting" },
      messages: [
        { author: { role: "member" } },
        { text: "Odd.", internal: true },
        { text: "Which browser?" },
        { change: { status: "awaiting" } },
      ],
    });
    await api.call("PUT", `/tickets/${ticket.id}/status`, { token, body: { status: "resolved" } });
    expect(await get("/tickets?status=resolved&search=papagaj")).toHaveLength(1);
    expect((await write("reply", " ")).status).toBe(422);
    expect((await write("shout", "x")).status).toBe(422);
  });

  test("that don't exist are not found", async () => {
    await using api = await served();
    const token = await api.signIn();
    for (const path of ["/tickets/none", "/conversations/none", "/files/none", "/nowhere"]) {
      expect([path, (await api.call("GET", path, { token })).status]).toEqual([path, 404]);
    }
  });
});

test("a file is downloaded unchanged, under its name, and never runs in a page", async () => {
  await using api = await served();
  const token = await api.signIn();
  const file = await api.uploads.upload(picture(new Uint8Array([7, 8, 9]), "slika č'1.png"), by(ana));
  expect((await api.call("GET", `/files/${file.id}`, { token })).status).toBe(404);
  await api.tickets.create({ ...ticketDraft(), attachments: [file.id] }, by(ana));
  const response = await api.call("GET", `/files/${file.id}`, { token });
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-type": "image/png",
    "content-disposition": `attachment; filename="slika _'1.png"; filename*=UTF-8''slika%20%C4%8D%271.png`,
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
  });
  expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([7, 8, 9]);
});

test("a body that is too large or not JSON is refused", async () => {
  await using api = await served();
  const app = createAgentApi(api.desk.agents);
  const post = (body: string) => app.request("/sign-in", { method: "POST", body });
  expect((await post("{")).status).toBe(422);
  expect((await post(`"${"x".repeat(1_100_000)}"`)).status).toBe(413);
});
