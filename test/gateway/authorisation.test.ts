import { generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memory } from "../../src/adapters/memory/index.ts";
import type { Member } from "../../src/core/contract/adapter.ts";
import { articles } from "../adapters/articles.ts";
import { ana, anasCredentials, boris } from "../adapters/members.ts";
import { as, create, draft, guestToken, json, request, send } from "./calls.ts";
import { audience, secret, serve, siteSecret, type Running } from "./server.ts";

/** What a route requires of its caller. `anyone`: a valid token or none. `token`: any valid token. */
interface Row {
  readonly who: "anyone" | "public" | "token" | "tickets" | "chat" | "either";
  /** A caller without a token may look where guests may. */
  readonly look?: true;
  /** It has `:id`, of a record that belongs to one member. */
  readonly owned?: "ticket" | "conversation" | "file" | "upload";
  readonly body?: object;
  /** The answer to the chat page's token, if it differs from the area's rule. */
  readonly traded?: 403;
}

const clientId = "1cbdc8a5-4e3e-4cbb-9b1f-6a1a04c0f3a1";
const message = { clientId, text: "mine now" };

/** A route without a row fails the test. `public` ignores tokens. */
const rows: Readonly<Record<string, Row>> = {
  "GET /session": { who: "anyone" },
  "POST /session/guest": { who: "anyone" },
  "POST /session/sign-in": { who: "anyone", body: { username: "x", password: "y" } },
  "POST /session/sign-out": { who: "token" },
  "POST /session/merge": { who: "token", body: { token: "x" }, traded: 403 },
  "POST /session/chat-code": { who: "token", body: {}, traded: 403 },
  "POST /session/redeem": { who: "anyone", body: { code: "x" } },
  "GET /tickets": { who: "tickets" },
  "POST /tickets": { who: "tickets", body: { clientId, title: "t", text: "x" } },
  "GET /tickets/fields": { who: "tickets" },
  "GET /tickets/counts": { who: "tickets" },
  "GET /tickets/events": { who: "tickets" },
  "GET /tickets/:id": { who: "tickets", owned: "ticket" },
  "GET /tickets/:id/messages": { who: "tickets", owned: "ticket" },
  "POST /tickets/:id/messages": { who: "tickets", owned: "ticket", body: message },
  "PUT /tickets/:id/status": { who: "tickets", owned: "ticket", body: { status: "resolved" } },
  "PUT /tickets/:id/rating": { who: "tickets", owned: "ticket", body: { score: 1 } },
  "GET /articles": { who: "tickets" },
  "GET /articles/:id": { who: "tickets" },
  "GET /chat/availability": { who: "chat", look: true },
  "GET /chat/current": { who: "chat", look: true },
  "GET /chat/last": { who: "chat", look: true },
  "POST /chat/conversations": { who: "chat", body: request({ clientId }) },
  "GET /chat/conversations/:id/messages": { who: "chat", owned: "conversation" },
  "POST /chat/conversations/:id/messages": { who: "chat", owned: "conversation", body: message },
  "GET /chat/conversations/:id/events": { who: "chat", owned: "conversation" },
  "PUT /chat/conversations/:id/typing": { who: "chat", owned: "conversation", body: { typing: true } },
  "PUT /chat/conversations/:id/read": { who: "chat", owned: "conversation", body: { messageId: "1" } },
  "POST /chat/conversations/:id/close": { who: "chat", owned: "conversation" },
  "POST /chat/conversations/:id/rating": { who: "chat", owned: "conversation", body: { score: 1 } },
  "POST /chat/conversations/:id/transcript": { who: "chat", owned: "conversation" },
  "POST /uploads": { who: "either" },
  "GET /uploads/:id": { who: "either", owned: "upload" },
  "PATCH /uploads/:id": { who: "either", owned: "upload" },
  "DELETE /uploads/:id": { who: "either", owned: "upload" },
  "POST /uploads/:id": { who: "either", owned: "upload" },
  "POST /uploads/:id/finish": { who: "either", owned: "upload" },
  "GET /files/:id": { who: "either", owned: "file" },
  "GET /openapi.json": { who: "public" },
  "GET /chat": { who: "public" },
  "POST /hooks/desk": { who: "public" },
  "GET /:file{[\\w.-]+\\.js}": { who: "public" },
};

let running: Running;
let ids: Readonly<Record<NonNullable<Row["owned"]>, string>>;
beforeAll(async () => {
  const desk = memory({ accounts: [{ ...anasCredentials, member: ana }], fields: [], articles });
  const hooks = { desk: { accept: async () => undefined, heard: () => undefined } };
  const chat = desk.chat && { ...desk.chat, mailTranscript: async (id: string, ctx: Ctx) => void (await own(id, ctx)) };
  type Ctx = Parameters<NonNullable<typeof desk.chat>["history"] & object>[2];
  const own = async (id: string, ctx: Ctx) => await desk.chat?.history?.(id, undefined, ctx);
  const assets = Object.assign(async () => undefined, {});
  running = await serve(
    { access: { tickets: "members", chat: "guests" }, assets },
    { ...desk, hooks, ...(chat && { chat }), merge: async () => undefined },
  );
  const token = await as(ana);
  const file = new File(["x"], "x.txt", { type: "text/plain" });
  const ctx = { signal: new AbortController().signal, locale: "en", member: ana };
  const upload = await send(running, "/uploads", {
    method: "POST",
    token,
    headers: {
      "Tus-Resumable": "1.0.0",
      "Upload-Length": "4",
      "Upload-Metadata": "filename eC50eHQ=,filetype dGV4dC9wbGFpbg==",
    },
  });
  ids = {
    ticket: String((await json(await create(running, "/tickets", token, draft())))["id"]),
    conversation: String((await json(await create(running, "/chat/conversations", token, request())))["id"]),
    file: (await running.desk.uploads?.upload(file, ctx))?.id ?? "",
    upload: upload.headers.get("Location")?.split("/").at(-1) ?? "",
  };
});
afterAll(async () => await running.stop());

async function attempt(name: string, token: string | undefined): Promise<Response> {
  const { body, owned } = rows[name] ?? { who: "public" };
  const [method = "", path = ""] = name.split(" ");
  const id = owned === undefined ? "x" : ids[owned];
  const answer = await send(running, path.replace(":id", id).replace(/:file.*/, "x.js"), {
    // Hono's GET of an upload is HEAD to the caller.
    method: path === "/uploads/:id" && method === "GET" ? "HEAD" : method,
    token,
    ...(body === undefined ? {} : { body, key: clientId }),
    headers: { "Tus-Resumable": "1.0.0", ...(owned === "upload" && { "X-HTTP-Method-Override": "PATCH" }) },
  });
  await answer.body?.cancel();
  return answer;
}

async function statusOf(name: string, token: string | undefined): Promise<number> {
  return (await attempt(name, token)).status;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const soon = () => Math.floor(Date.now() / 1000) + 300;
const signed = async (claims: object, key = siteSecret, alg = "HS256") =>
  await new SignJWT({ sub: "ana", aud: audience, exp: soon(), ...claims }).setProtectedHeader({ alg }).sign(bytes(key));

/** Tokens that are invalid everywhere. */
const bad: Readonly<Record<string, () => Promise<string>>> = {
  "that has run out": async () => await signed({ exp: Math.floor(Date.now() / 1000) - 60 }),
  "for another audience": async () => await signed({ aud: "https://elsewhere.example" }),
  "of another site": async () => await signed({}, "the secret of another site, just as long as it has to be"),
  "that is signed with the gateway's own secret": async () => await signed({}, secret),
  "that is signed by another algorithm": async () => {
    const { privateKey } = await generateKeyPair("RS256");
    const token = new SignJWT({ sub: "ana", aud: audience, exp: soon() });
    return await token.setProtectedHeader({ alg: "RS256" }).sign(privateKey);
  },
  "that was signed out": async () => {
    const token = await signed({ jti: "signed-out" });
    await send(running, "/session/sign-out", { method: "POST", token });
    return token;
  },
};

const tradedFor = async (member: Member) => {
  const { url } = await json(await send(running, "/session/chat-code", { token: await as(member), body: {} }));
  const code = String(url).split("#code=")[1];
  return String((await json(await send(running, "/session/redeem", { body: { code } })))["token"]);
};

const named = (fits: (row: Row) => boolean) => Object.entries(rows).flatMap(([name, row]) => (fits(row) ? [name] : []));

test("each route of the gateway is in the table, and nothing else is", () => {
  const routes = running.gateway.routes.map(({ method, path }) => `${method} ${path}`);
  expect([...new Set(routes)].toSorted()).toEqual(Object.keys(rows).toSorted());
});

describe.each(Object.keys(bad))("a token %s", (kind) => {
  let token: string;
  beforeAll(async () => {
    token = (await bad[kind]?.()) ?? "";
  });
  test.each(named(({ who }) => who !== "public"))("is 401 at %s", async (name) => {
    expect(await statusOf(name, token)).toBe(401);
  });
});

describe("without a token", () => {
  test.each(named(({ who, look }) => who !== "public" && who !== "anyone" && !look))("%s is 401", async (name) => {
    expect(await statusOf(name, undefined)).toBe(401);
  });
  test.each(named(({ look }) => look === true))("%s is answered: guests may look", async (name) => {
    expect(await statusOf(name, undefined)).toBe(200);
  });
});

describe("a guest, where tickets are for members", () => {
  test.each(named(({ who }) => who === "tickets"))("gets 403 at %s", async (name) => {
    expect(await statusOf(name, await guestToken(running))).toBe(403);
  });
});

describe("the chat page's token", () => {
  let token: string;
  beforeAll(async () => {
    token = await tradedFor(boris);
  });
  test.each(named(({ who, traded }) => who === "tickets" || traded === 403))("is 403 at %s", async (name) => {
    expect(await statusOf(name, token)).toBe(403);
  });
  test.each(named(({ who, owned }) => (who === "chat" || who === "either") && !owned))("opens %s", async (name) => {
    expect([401, 403]).not.toContain(await statusOf(name, token));
  });
});

describe("a record of another member", () => {
  test.each(named(({ owned }) => owned !== undefined))("is not there: 404 at %s", async (name) => {
    const tokens = [await as(boris)];
    if (rows[name]?.who !== "tickets") tokens.push(await guestToken(running), await tradedFor(boris));
    // A guest, and a member without a verified address, get no transcripts.
    const isMail = name.endsWith("/transcript");
    const statuses: number[] = [];
    for (const token of tokens) {
      // oxlint-disable-next-line no-await-in-loop -- one member's same call twice at once is 409
      statuses.push(await statusOf(name, token));
    }
    expect(statuses).toEqual(tokens.map((_token, index) => (isMail && index === 1 ? 403 : 404)));
  });

  test("and nothing of it has changed", async () => {
    const record = await running.desk.agent.ticket(ids.ticket);
    expect(record).toMatchObject({ status: "open", memberId: "ana" });
    expect(record?.messages).toHaveLength(1);
    const conversation = await running.desk.agent.conversation(ids.conversation);
    expect(conversation).toMatchObject({ status: "queued" });
    expect(conversation?.messages).toHaveLength(1);
    const upload = await send(running, `/uploads/${ids.upload}`, {
      method: "HEAD",
      token: await as(ana),
      headers: { "Tus-Resumable": "1.0.0" },
    });
    expect([upload.status, upload.headers.get("Upload-Offset")]).toEqual([200, "0"]);
  });
});
