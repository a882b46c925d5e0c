import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Member } from "../../src/core/contract/adapter.ts";
import { ana, boris } from "../adapters/members.ts";
import { as, create, draft, guestToken, json, send } from "./calls.ts";
import { serve, type Running } from "./server.ts";

const member = (rank?: string): Member => (rank === undefined ? { id: "m" } : { id: "m", rank });

describe("access to areas", () => {
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

  test("a guest is refused and told to sign in", async () => {
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

  test("if the site identifies its members, tickets are for members unless the access option says otherwise", async () => {
    const closed = await serve({ access: {} });
    expect(await (await send(closed, "/session")).json()).toMatchObject({
      session: { access: { tickets: { allowed: false, reason: "sign-in" }, chat: { allowed: true } } },
    });
    await closed.stop();
  });

  test("a rank in the body is ignored", async () => {
    const token = await as(member("Bronze"));
    expect((await create(running, "/tickets", token, draft({ rank: "Gold" }))).status).toBe(403);
  });

  test("without guests there is no guest's token, and nobody is told to request one", async () => {
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

describe("another member's records are not found", () => {
  let running: Running;
  beforeAll(async () => {
    running = await serve();
  });
  afterAll(async () => await running.stop());

  test("a member named in the query or body is ignored", async () => {
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
