import { SignJWT } from "jose";
import { afterEach, describe, expect, test, vi } from "vitest";
import { memory } from "../../src/adapters/memory/index.ts";
import { memoryStore } from "../../src/gateway/index.ts";
import * as v from "valibot";
import { sessionAnswer } from "../../src/protocol/data.ts";
import { CHAT_CODE_MS, CHAT_PAGE_MS } from "../../src/protocol/limits.ts";
import { ana, anasCredentials } from "../adapters/members.ts";
import { unlimited } from "../support/unlimited.ts";
import { as, create, guestToken, json, request, send } from "./calls.ts";
import { audience, serve, siteSecret, type Running } from "./server.ts";

let running: Running;
afterEach(async () => {
  vi.useRealTimers();
  await running.stop();
});

async function codeOf(token: string, body: unknown = {}): Promise<string> {
  const answer = await send(running, "/session/chat-code", { token, body });
  expect(answer.status).toBe(201);
  const url = new URL(String((await json(answer))["url"]), running.url);
  return url.hash.replace("#code=", "");
}
const redeem = async (code: string) => await send(running, "/session/redeem", { body: { code } });

async function memberOf(token: string): Promise<unknown> {
  const { session } = v.parse(sessionAnswer, await json(await send(running, "/session", { token })));
  return session.member;
}

describe("the chat page's code", () => {
  test("is in an absolute address of the chat page, in the fragment, which no server sees", async () => {
    running = await serve({ basePath: "/podpora", publicOrigin: "https://help.example.org" });
    const answer = await json(await send(running, "/session/chat-code", { token: await as(ana), body: {} }));
    expect(answer["url"]).toMatch(/^https:\/\/help\.example\.org\/podpora\/chat\?locale=sl#code=[\w-]{43}$/);
  });

  test("without a public origin the address is relative to the gateway's: the request's Host header is not trusted", async () => {
    running = await serve({ basePath: "/podpora" });
    const answer = await json(await send(running, "/session/chat-code", { token: await as(ana), body: {} }));
    expect(answer["url"]).toMatch(/^\/podpora\/chat\?locale=sl#code=[\w-]{43}$/);
  });

  test("is exchanged once for a token of the same member, with what the page continues with", async () => {
    running = await serve();
    const code = await codeOf(await as(ana), { question: "Kje?", locale: "sl" });
    const [first, second] = await Promise.all([redeem(code), redeem(code)]);
    expect(new Set([first?.status, second?.status])).toEqual(new Set([200, 401]));
    const good = first?.status === 200 ? first : second;
    const answer = good === undefined ? {} : await json(good);
    expect(answer).toMatchObject({ member: ana, question: "Kje?", locale: "sl" });
    const session = await send(running, "/session", { token: String(answer["token"]) });
    expect(await session.json()).toMatchObject({ session: { member: ana } });
    expect((await redeem(code)).status).toBe(401);
  });

  test("of a guest belongs to that guest", async () => {
    running = await serve();
    const token = await guestToken(running);
    const answer = await json(await redeem(await codeOf(token)));
    expect(answer["member"]).toEqual(await memberOf(token));
  });

  test("expires after a minute", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    running = await serve();
    const code = await codeOf(await as(ana));
    vi.setSystemTime(Date.now() + CHAT_CODE_MS);
    expect((await redeem(code)).status).toBe(401);
  });

  test("is not issued without a token, and an invented one is refused", async () => {
    running = await serve();
    expect((await send(running, "/session/chat-code", { body: {} })).status).toBe(401);
    expect((await redeem("x".repeat(43))).status).toBe(401);
  });

  describe("its token", () => {
    const rules = { ranks: ["Bronze", "Silver"], tickets: { from: "Silver" }, chat: "guests" } as const;
    const traded = async (token: string) => String((await json(await redeem(await codeOf(token))))["token"]);

    test("is only valid for the chat: no tickets, and no other code", async () => {
      running = await serve();
      const token = await traded(await as(ana));
      expect((await send(running, "/chat/current", { token })).status).toBe(200);
      for (const path of ["/tickets", "/tickets/counts", "/tickets/events", "/tickets/fields"]) {
        expect([path, (await send(running, path, { token })).status]).toEqual([path, 403]);
      }
      expect((await send(running, "/session/chat-code", { token, body: {} })).status).toBe(403);
      const session = v.parse(sessionAnswer, await json(await send(running, "/session", { token })));
      expect(session.capabilities).not.toHaveProperty("tickets");
      expect(session.session.access.tickets).toMatchObject({ allowed: false });
    });

    test("expires after four hours at most, and is not renewed by another exchange", async () => {
      vi.useFakeTimers({ toFake: ["Date"] });
      running = await serve({ access: rules });
      const token = await traded(await as({ ...ana, rank: "Silver" }));
      vi.setSystemTime(Date.now() + CHAT_PAGE_MS - 60_000);
      expect((await send(running, "/chat/current", { token })).status).toBe(200);
      expect((await send(running, "/session/chat-code", { token, body: {} })).status).toBe(403);
      vi.setSystemTime(Date.now() + 120_000);
      expect((await send(running, "/chat/current", { token })).status).toBe(401);
    });

    test("expires with the gateway's own token that was exchanged for it", async () => {
      vi.useFakeTimers({ toFake: ["Date"] });
      running = await serve();
      const signedIn = await json(await send(running, "/session/sign-in", { body: anasCredentials }));
      const end = Date.parse(String(signedIn["expiresAt"]));
      vi.setSystemTime(end - 60_000);
      const answer = await json(await redeem(await codeOf(String(signedIn["token"]))));
      expect(Date.parse(String(answer["expiresAt"]))).toBeLessThanOrEqual(end);
    });
  });

  test("signing out at the site ends the chat page's session too, and the reverse", async () => {
    running = await serve();
    const first = await as(ana);
    const page = String((await json(await redeem(await codeOf(first))))["token"]);
    await send(running, "/session/sign-out", { method: "POST", token: first });
    expect((await send(running, "/chat/current", { token: page })).status).toBe(401);
  });
});

test("a desk written as a class offers its methods, and is called as one", async () => {
  class Tickets {
    readonly #items = [{ id: "1", number: "1", title: "t", status: "open" as const, createdAt: "", updatedAt: "" }];
    async create() {
      return await Promise.reject(new Error("never"));
    }
    async list() {
      return await Promise.resolve({ items: this.#items });
    }
  }
  class Desk {
    readonly name = "classy";
    readonly tickets = new Tickets();
  }
  running = await serve({}, Object.assign(new Desk(), { agent: memory().agent }));
  const token = await as(ana);
  const { capabilities } = v.parse(sessionAnswer, await json(await send(running, "/session", { token })));
  expect(capabilities.tickets?.toSorted()).toEqual(["create", "list"]);
  expect(await json(await send(running, "/tickets", { token }))).toMatchObject({ items: [{ id: "1" }] });
});

describe("a sign-out with the site's token", () => {
  const made = async (secondsAgo: number, sub = "ana") => {
    const now = Math.floor(Date.now() / 1000);
    const claims = { sub, aud: audience, iat: now - secondsAgo, exp: now + 300 };
    return await new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(new TextEncoder().encode(siteSecret));
  };
  const statusOf = async (token: string) => (await send(running, "/chat/current", { token })).status;

  test("revokes those issued before, and the chat page's token exchanged for one of them, and ends its stream", async () => {
    running = await serve();
    const [older, newer] = [await made(120), await made(60)];
    const page = String((await json(await redeem(await codeOf(older))))["token"]);
    const opened = await json(await create(running, "/chat/conversations", page, request()));
    const path = `/chat/conversations/${String(opened["id"])}/events`;
    const stream = await fetch(`${running.url}${path}`, { headers: { Authorization: `Bearer ${page}` } });
    const told = stream.text();
    expect((await send(running, "/session/sign-out", { method: "POST", token: newer })).status).toBe(204);
    await running.desk.agent.say(String(opened["id"]), "after the sign-out");
    expect(await told).not.toContain("after the sign-out");
    expect([await statusOf(older), await statusOf(newer), await statusOf(page)]).toEqual([401, 401, 401]);
  });

  test("revokes nobody else's, and none that the site issues afterwards", async () => {
    running = await serve();
    const borisToken = await made(60, "boris");
    await send(running, "/session/sign-out", { method: "POST", token: await made(60) });
    expect([await statusOf(borisToken), await statusOf(await made(0))]).toEqual([200, 200]);
  });
});

test("the data passed to the chat page is limited, and guests of one address get few codes", async () => {
  const few = { capacity: 2, refillMs: 60_000 };
  running = await serve({ limits: { ...unlimited, guestWrites: few } });
  const ask = async (question: string) =>
    (await send(running, "/session/chat-code", { token: await guestToken(running), body: { question } })).status;
  expect(await ask("x".repeat(100_000))).toBe(422);
  expect([await ask("a"), await ask("b"), await ask("c")]).toEqual([201, 201, 429]);
});

describe("signing in with the desk's account", () => {
  test("returns a token of the member", async () => {
    running = await serve();
    const answer = await send(running, "/session/sign-in", { body: anasCredentials });
    expect(answer.status).toBe(200);
    const { token, member, expiresAt } = await json(answer);
    expect(member).toEqual(ana);
    expect(Date.parse(String(expiresAt)) - Date.now()).toBeLessThanOrEqual(12 * 3_600_000);
    expect((await send(running, "/tickets", { token: String(token) })).status).toBe(200);
  });

  test("with a wrong pair is 401, for every cause, without details", async () => {
    running = await serve();
    const wrongPassword = await send(running, "/session/sign-in", { body: { ...anasCredentials, password: "no" } });
    const wrongName = await send(running, "/session/sign-in", { body: { ...anasCredentials, username: "no" } });
    expect([wrongPassword.status, wrongName.status]).toEqual([401, 401]);
    expect(await wrongPassword.text()).toBe(await wrongName.text());
  });

  test("is not found if the desk has no accounts", async () => {
    running = await serve({}, memory());
    expect((await send(running, "/session/sign-in", { body: anasCredentials })).status).toBe(404);
    expect((await json(await send(running, "/session")))["capabilities"]).not.toHaveProperty("accounts");
  });
});

describe("rate limits", () => {
  const few = { capacity: 2, refillMs: 30_000 };
  const many = { capacity: 1000, refillMs: 1 };

  test("guessing a password is limited by name, and says when to retry", async () => {
    running = await serve({ limits: { signInsByName: few, signInsByAddress: many } });
    const guess = async (username: string) =>
      await send(running, "/session/sign-in", { body: { username, password: "guess" } });
    expect((await guess("ana")).status).toBe(401);
    expect((await guess("ANA ")).status).toBe(401);
    const third = await guess("ana");
    expect(third.status).toBe(429);
    expect(Number(third.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect(Number(third.headers.get("Retry-After"))).toBeLessThanOrEqual(30);
    expect(await third.json()).toMatchObject({ code: "rate-limited" });
    expect((await guess("boris")).status).toBe(401);
  });

  test("trying names is limited by address", async () => {
    let address = "192.0.2.1";
    running = await serve({ limits: { signInsByName: many, signInsByAddress: few }, clientAddress: () => address });
    const guess = async (username: string) =>
      await send(running, "/session/sign-in", { body: { username, password: "guess" } });
    expect((await guess("a")).status).toBe(401);
    expect((await guess("b")).status).toBe(401);
    expect((await guess("c")).status).toBe(429);
    address = "192.0.2.2";
    expect((await guess("c")).status).toBe(401);
  });

  test("guests are limited by address, writes by member", async () => {
    running = await serve({ limits: { guests: { capacity: 3, refillMs: 60_000 }, writes: few } });
    const [one, two] = [await guestToken(running), await guestToken(running)];
    const typing = async (token: string) =>
      (await send(running, "/chat/conversations/1/typing", { method: "PUT", token, body: { typing: true } })).status;
    expect([await typing(one), await typing(one), await typing(one)]).toEqual([404, 404, 429]);
    expect(await typing(two)).toBe(404);
    await guestToken(running);
    expect((await send(running, "/session/guest", { method: "POST" })).status).toBe(429);
  });

  test("are counted over all copies of a gateway that share a store", async () => {
    const store = memoryStore();
    running = await serve({ store, limits: { guests: few }, clientAddress: () => "192.0.2.1" });
    const copy = await serve({ store, limits: { guests: few }, clientAddress: () => "192.0.2.1" });
    await guestToken(running);
    await guestToken(copy);
    expect((await send(running, "/session/guest", { method: "POST" })).status).toBe(429);
    await copy.stop();
  });
});

test("the session lists the desk's capabilities and limits", async () => {
  running = await serve({ team: "Ekipa" });
  expect(await (await send(running, "/session")).json()).toEqual({
    session: { access: { tickets: { allowed: true }, chat: { allowed: true } }, team: "Ekipa" },
    capabilities: {
      tickets: expect.arrayContaining([
        "create",
        "list",
        "get",
        "thread",
        "reply",
        "setStatus",
        "rate",
        "counts",
        "fields",
        "events",
      ]),
      chat: expect.arrayContaining(["availability", "current", "last", "history", "open", "send", "events", "rate"]),
      chatPage: true,
      merge: true,
      uploads: ["upload", "download"],
      accounts: true,
    },
    limits: running.desk.uploads?.limits,
    ticketLimits: running.desk.tickets?.limits,
  });
});
