import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Member } from "../../src/core/contract/adapter.ts";
import { ana, boris } from "../adapters/members.ts";
import { as, create, draft, guestToken, json, request, send } from "./calls.ts";
import { serve, type Running } from "./server.ts";

const member = (rank?: string): Member => (rank === undefined ? { id: "m" } : { id: "m", rank });

describe("who may use which area", () => {
  let running: Running;
  beforeAll(async () => {
    running = await serve({
      access: { ranks: ["Bronze", "Silver", "Gold"], tickets: { from: "Silver" }, chat: "members" },
    });
  });
  afterAll(async () => await running.stop());

  const open = { allowed: true };
  const low = { allowed: false, reason: "rank", from: "Silver" };

  test.each([
    ["Bronze", low, 403, open, 200],
    ["Silver", open, 200, open, 200],
    ["Gold", open, 200, open, 200],
    ["Platinum, which the site does not have", low, 403, open, 200],
    [undefined, low, 403, open, 200],
  ])("a member of rank %s", async (rank, tickets, ticketStatus, chat, chatStatus) => {
    const token = await as(member(rank));
    expect(await (await send(running, "/session", { token })).json()).toMatchObject({
      session: { access: { tickets, chat } },
    });
    expect((await send(running, "/tickets", { token })).status).toBe(ticketStatus);
    expect((await create(running, "/tickets", token, draft())).status).toBe(ticketStatus === 200 ? 201 : 403);
    expect((await send(running, "/tickets/events", { token, method: "HEAD" })).status).toBe(ticketStatus);
    expect((await send(running, "/chat/current", { token })).status).toBe(chatStatus);
  });

  test("a guest is told to sign in, and is refused", async () => {
    const token = await guestToken(running);
    const answer = await (await send(running, "/session", { token })).json();
    expect(answer).toMatchObject({
      session: {
        access: { tickets: { allowed: false, reason: "sign-in", from: "Silver" }, chat: { reason: "sign-in" } },
      },
    });
    for (const path of ["/tickets", "/chat/current", "/chat/availability", "/files/1"]) {
      const refused = await send(running, path, { token });
      expect([path, refused.status]).toEqual([path, 403]);
      expect(await refused.json()).toMatchObject({ code: "forbidden" });
    }
    const upload = await send(running, "/uploads", { method: "POST", token, headers: { "Tus-Resumable": "1.0.0" } });
    expect(upload.status).toBe(403);
  });

  test("where the site says who its members are, tickets are theirs unless the access option says otherwise", async () => {
    const closed = await serve({ access: {} });
    expect(await (await send(closed, "/session")).json()).toMatchObject({
      session: { access: { tickets: { allowed: false, reason: "sign-in" }, chat: { allowed: true } } },
    });
    await closed.stop();
  });

  test("a rank in the body is worth nothing", async () => {
    const token = await as(member("Bronze"));
    expect((await create(running, "/tickets", token, draft({ rank: "Gold" }))).status).toBe(403);
  });

  test("where guests are off, there is no guest's token, and nobody is told to come as one", async () => {
    const closed = await serve({ guests: false });
    expect((await send(closed, "/session/guest", { method: "POST" })).status).toBe(403);
    expect(await (await send(closed, "/session")).json()).toMatchObject({
      session: {
        access: { tickets: { allowed: false, reason: "sign-in" }, chat: { allowed: false, reason: "sign-in" } },
      },
    });
    await closed.stop();
  });
});

describe("what is another member's is not there", () => {
  let running: Running;
  let ticket: string;
  let conversation: string;
  let file: string;
  beforeAll(async () => {
    running = await serve();
    const token = await as(ana);
    ticket = String((await json(await create(running, "/tickets", token, draft())))["id"]);
    conversation = String((await json(await create(running, "/chat/conversations", token, request())))["id"]);
    const ctx = { signal: new AbortController().signal, locale: "en", member: ana };
    const uploaded = await running.desk.uploads?.upload(new File(["x"], "x.txt", { type: "text/plain" }), ctx);
    file = uploaded?.id ?? "";
  });
  afterAll(async () => await running.stop());

  const message = { clientId: "1cbdc8a5-4e3e-4cbb-9b1f-6a1a04c0f3a1", text: "mine now" };
  const calls: readonly { readonly method: string; readonly path: string; readonly body?: object }[] = [
    { method: "GET", path: "/tickets/TICKET" },
    { method: "GET", path: "/tickets/TICKET/messages" },
    { method: "POST", path: "/tickets/TICKET/messages", body: message },
    { method: "PUT", path: "/tickets/TICKET/status", body: { status: "resolved" } },
    { method: "POST", path: "/chat/conversations/CONVERSATION/messages", body: message },
    { method: "GET", path: "/chat/conversations/CONVERSATION/events" },
    { method: "PUT", path: "/chat/conversations/CONVERSATION/typing", body: { typing: true } },
    { method: "PUT", path: "/chat/conversations/CONVERSATION/read", body: { messageId: "1" } },
    { method: "POST", path: "/chat/conversations/CONVERSATION/close" },
    { method: "POST", path: "/chat/conversations/CONVERSATION/rating", body: { score: 1 } },
    { method: "GET", path: "/files/FILE" },
    { method: "POST", path: "/uploads/FILE/finish" },
  ];

  async function attempt(path: string, method: string, body: unknown, token: string | undefined): Promise<Response> {
    const real = path.replace("TICKET", ticket).replace("CONVERSATION", conversation).replace("FILE", file);
    return await send(running, real, { method, token, ...(body === undefined ? {} : { body, key: message.clientId }) });
  }

  test.each(calls)(
    "$method $path is 404 to another member and to a guest, 401 without a token",
    async ({ method, path, body }) => {
      for (const token of [await as(boris), await guestToken(running)]) {
        const answer = await attempt(path, method, body, token);
        expect(answer.status).toBe(404);
        expect(await answer.json()).toMatchObject({ code: "not-found" });
      }
      expect((await attempt(path, method, body, undefined)).status).toBe(401);
    },
  );

  test("and nothing of it has changed", async () => {
    const record = await running.desk.agent.ticket(ticket);
    expect(record).toMatchObject({ status: "open", memberId: "ana" });
    expect(record?.messages).toHaveLength(1);
    expect(await running.desk.agent.conversation(conversation)).toMatchObject({ status: "queued" });
    expect((await running.desk.agent.conversation(conversation))?.messages).toHaveLength(1);
  });

  test("a member in the query or body is nobody", async () => {
    const token = await as(boris);
    expect(await (await send(running, "/tickets?memberId=ana&member=ana", { token })).json()).toEqual({ items: [] });
    const made = await create(running, "/tickets", token, draft({ memberId: "ana", member: ana }));
    const record = await running.desk.agent.ticket(String((await json(made))["id"]));
    expect(record?.memberId).toBe("boris");
  });

  test("two members with one Idempotency-Key get nothing of each other's answers", async () => {
    const body = draft({ title: "A secret of Ana's" });
    await create(running, "/tickets", await as(ana), body);
    const other = await json(await create(running, "/tickets", await as(boris), { ...body, title: "Boris" }));
    expect(other).toMatchObject({ title: "Boris" });
  });
});
