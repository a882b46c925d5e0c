import { afterEach, describe, expect, test, vi } from "vitest";
import { memory } from "../../src/adapters/memory/index.ts";
import { memoryStore } from "../../src/gateway/index.ts";
import * as v from "valibot";
import { sessionAnswer } from "../../src/protocol/data.ts";
import { CHAT_CODE_MS, CHAT_PAGE_MS } from "../../src/protocol/limits.ts";
import { ana, anasCredentials } from "../adapters/members.ts";
import { as, guestToken, json, send } from "./calls.ts";
import { serve, type Running } from "./server.ts";

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
  test("stands in an absolute address of the chat page, after the hash, where no server sees it", async () => {
    running = await serve({ basePath: "/podpora", publicOrigin: "https://help.example.org" });
    const answer = await json(await send(running, "/session/chat-code", { token: await as(ana), body: {} }));
    expect(answer["url"]).toMatch(/^https:\/\/help\.example\.org\/podpora\/chat\?locale=sl#code=[\w-]{43}$/);
  });

  test("without a public origin the address is relative to the gateway's: what a request says of its host is not believed", async () => {
    running = await serve({ basePath: "/podpora" });
    const answer = await json(await send(running, "/session/chat-code", { token: await as(ana), body: {} }));
    expect(answer["url"]).toMatch(/^\/podpora\/chat\?locale=sl#code=[\w-]{43}$/);
  });

  test("is traded once for a token of the same member, with what the page goes on with", async () => {
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

  test("of a guest stays that guest's", async () => {
    running = await serve();
    const token = await guestToken(running);
    const answer = await json(await redeem(await codeOf(token)));
    expect(answer["member"]).toEqual(await memberOf(token));
  });

  test("runs out after a minute", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    running = await serve();
    const code = await codeOf(await as(ana));
    vi.setSystemTime(Date.now() + CHAT_CODE_MS);
    expect((await redeem(code)).status).toBe(401);
  });

  test("is not given without a token, and a made-up one is nothing", async () => {
    running = await serve();
    expect((await send(running, "/session/chat-code", { body: {} })).status).toBe(401);
    expect((await redeem("x".repeat(43))).status).toBe(401);
  });

  describe("its token", () => {
    const rules = { ranks: ["Bronze", "Silver"], tickets: { from: "Silver" }, chat: "guests" } as const;
    const traded = async (token: string) => String((await json(await redeem(await codeOf(token))))["token"]);

    test("opens the chat alone: no tickets, and no other code", async () => {
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

    test("is over after four hours at most, and is not renewed by being traded again", async () => {
      vi.useFakeTimers({ toFake: ["Date"] });
      running = await serve({ access: rules });
      const token = await traded(await as({ ...ana, rank: "Silver" }));
      vi.setSystemTime(Date.now() + CHAT_PAGE_MS - 60_000);
      expect((await send(running, "/chat/current", { token })).status).toBe(200);
      expect((await send(running, "/session/chat-code", { token, body: {} })).status).toBe(403);
      vi.setSystemTime(Date.now() + 120_000);
      expect((await send(running, "/chat/current", { token })).status).toBe(401);
    });

    test("lives no longer than the gateway's own token that it was traded for", async () => {
      vi.useFakeTimers({ toFake: ["Date"] });
      running = await serve();
      const signedIn = await json(await send(running, "/session/sign-in", { body: anasCredentials }));
      const end = Date.parse(String(signedIn["expiresAt"]));
      vi.setSystemTime(end - 60_000);
      const answer = await json(await redeem(await codeOf(String(signedIn["token"]))));
      expect(Date.parse(String(answer["expiresAt"]))).toBeLessThanOrEqual(end);
    });
  });

  test("signing out at the site ends the chat page's session too, and the other way round", async () => {
    running = await serve();
    const first = await as(ana);
    const page = String((await json(await redeem(await codeOf(first))))["token"]);
    await send(running, "/session/sign-out", { method: "POST", token: first });
    expect((await send(running, "/chat/current", { token: page })).status).toBe(401);
  });
});

test("a desk that is written as a class offers what its methods are, and is called as one", async () => {
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

describe("signing in with the desk's account", () => {
  test("gives a token of the member", async () => {
    running = await serve();
    const answer = await send(running, "/session/sign-in", { body: anasCredentials });
    expect(answer.status).toBe(200);
    const { token, member, expiresAt } = await json(answer);
    expect(member).toEqual(ana);
    expect(Date.parse(String(expiresAt)) - Date.now()).toBeLessThanOrEqual(12 * 3_600_000);
    expect((await send(running, "/tickets", { token: String(token) })).status).toBe(200);
  });

  test("with a wrong pair is 401, whatever was wrong, and says no more", async () => {
    running = await serve();
    const wrongPassword = await send(running, "/session/sign-in", { body: { ...anasCredentials, password: "no" } });
    const wrongName = await send(running, "/session/sign-in", { body: { ...anasCredentials, username: "no" } });
    expect([wrongPassword.status, wrongName.status]).toEqual([401, 401]);
    expect(await wrongPassword.text()).toBe(await wrongName.text());
  });

  test("is not there when the desk has no accounts", async () => {
    running = await serve({}, memory());
    expect((await send(running, "/session/sign-in", { body: anasCredentials })).status).toBe(404);
    expect((await json(await send(running, "/session")))["capabilities"]).not.toHaveProperty("accounts");
  });
});

describe("too much", () => {
  const few = { capacity: 2, refillMs: 30_000 };
  const many = { capacity: 1000, refillMs: 1 };

  test("guessing a password is stopped by name, and says when to come back", async () => {
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

  test("trying names is stopped by address", async () => {
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

  test("guests are counted by address, writes by member", async () => {
    running = await serve({ limits: { guests: { capacity: 3, refillMs: 60_000 }, writes: few } });
    const [one, two] = [await guestToken(running), await guestToken(running)];
    const typing = async (token: string) =>
      (await send(running, "/chat/conversations/1/typing", { method: "PUT", token, body: { typing: true } })).status;
    expect([await typing(one), await typing(one), await typing(one)]).toEqual([404, 404, 429]);
    expect(await typing(two)).toBe(404);
    await guestToken(running);
    expect((await send(running, "/session/guest", { method: "POST" })).status).toBe(429);
  });

  test("is counted over all copies of a gateway that share a store", async () => {
    const store = memoryStore();
    running = await serve({ store, limits: { guests: few }, clientAddress: () => "192.0.2.1" });
    const copy = await serve({ store, limits: { guests: few }, clientAddress: () => "192.0.2.1" });
    await guestToken(running);
    await guestToken(copy);
    expect((await send(running, "/session/guest", { method: "POST" })).status).toBe(429);
    await copy.stop();
  });
});

test("the session says what the desk can do and takes", async () => {
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
  });
});
