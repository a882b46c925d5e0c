import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { redmine } from "../../src/adapters/redmine/index.ts";
import { requestTracker } from "../../src/adapters/request-tracker/index.ts";
import { znuny } from "../../src/adapters/znuny/index.ts";
import { isShallow } from "../../src/adapter/answers.ts";
import type { Adapter, CallContext, Member } from "../../src/core/contract/adapter.ts";
import { fakeDesk, sendJson, type FakeDesk } from "../../src/testing/index.ts";
import { redmineAnswers } from "./fake-redmine.ts";

const MIB = 1024 * 1024;
const huge = Buffer.concat([Buffer.from('{"a":"'), Buffer.alloc(100 * MIB, "a"), Buffer.from('"}')]);
const json = { "Content-Type": "application/json" };
const ana: Member = { id: "ana", email: "ana@example.org" };
const by = (member: Member): CallContext => ({ signal: AbortSignal.timeout(15_000), locale: "en", member });

const desks: readonly (readonly [name: string, adapterOf: (url: string) => Adapter])[] = [
  [
    "Request Tracker",
    (url) => requestTracker({ url, token: "1-29-abcdef", queue: "Support", callMs: 3000, hookSecret: "x".repeat(32) }),
  ],
  [
    "Redmine",
    (url) => {
      const options = { project: "help", tracker: "Support", role: "Customer", callMs: 3000 };
      return redmine({ url, key: "0123456789abcdef0123456789abcdef01234567", ...options });
    },
  ],
  ["Znuny", (url) => znuny({ url, user: "podpora", password: "a-password", queue: "Support", callMs: 3000 })],
];

interface Fault {
  readonly what: string;
  readonly code: string;
  readonly answer: (answer: ServerResponse, elsewhere: string) => void;
}

const redirects = [301, 302, 303, 307, 308].map((status): Fault => ({
  what: `is sent elsewhere with ${status}`,
  code: "unavailable",
  answer: (answer, elsewhere) => void answer.writeHead(status, { Location: `${elsewhere}/taken` }).end(),
}));

const faults: readonly Fault[] = [
  ...redirects,
  {
    what: "is answered with a page",
    code: "unavailable",
    answer: (answer) => void answer.writeHead(200, { "Content-Type": "text/html" }).end("<html>Sign in</html>"),
  },
  {
    what: "is asked for less, with 429",
    code: "rate-limited",
    answer: (answer) => void answer.writeHead(429, { "Retry-After": "3" }).end("slow down"),
  },
  { what: "gets no answer", code: "unavailable", answer: (answer) => void answer.destroy() },
  { what: "gets an empty answer", code: "unknown", answer: (answer) => void answer.writeHead(200, json).end() },
  { what: "gets no content", code: "unavailable", answer: (answer) => void answer.writeHead(204).end() },
  {
    what: "gets half of an answer",
    code: "unknown",
    answer: (answer) => void answer.writeHead(200, json).end('{"a":'),
  },
  { what: "gets null", code: "unknown", answer: (answer) => sendJson(answer, null) },
  {
    what: "gets an answer that never ends",
    code: "timeout",
    answer(answer) {
      answer.writeHead(200, json).write('{"a":"');
      const timer = setInterval(() => answer.write("a"), 100);
      answer.once("close", () => clearInterval(timer));
    },
  },
  {
    what: "gets a refusal that never ends",
    code: "timeout",
    answer(answer) {
      answer.writeHead(422, json).write('{"a":"');
      const timer = setInterval(() => answer.write("a"), 100);
      answer.once("close", () => clearInterval(timer));
    },
  },
  {
    what: "gets 100 MB",
    code: "unknown",
    answer: (answer) => void answer.writeHead(200, json).end(huge),
  },
  {
    what: "gets a refusal of 100 MB",
    code: "invalid",
    answer: (answer) => void answer.writeHead(400, json).end(huge),
  },
  {
    what: "gets JSON a million levels deep",
    code: "unknown",
    answer: (answer) => void answer.writeHead(200, json).end("[".repeat(1_000_000)),
  },
];

describe.each(desks)("%s", (_name, adapterOf) => {
  const calls: readonly (readonly [string, (adapter: Adapter) => Promise<unknown>])[] = [
    ["a list", async ({ tickets }) => await tickets!.list!({ filter: "all" }, by(ana))],
    ["a stream", async (adapter) => await firstOf(adapter, by(ana))],
  ];

  describe.each(calls)("%s that", (_what, call) => {
    test.each(faults)("$what is reported as $code, and no other server is called", async ({ code, answer }) => {
      const [desk, elsewhere] = [await fakeDesk(), await fakeDesk()];
      desk.answer((_call, response) => answer(response, elsewhere.url));
      const error: unknown = await call(adapterOf(desk.url)).catch((cause: unknown) => cause);
      const codes = [code, ...(code === "invalid" ? ["unknown"] : [])];
      expect(codes).toContain((error as { code: string }).code);
      expect(elsewhere.asked).toEqual([]);
    });
  });

  test("a redirect does not leak a password to another server", async () => {
    const [desk, elsewhere] = [await fakeDesk(), await fakeDesk()];
    desk.answer((_call, answer) => void answer.writeHead(307, { Location: `${elsewhere.url}/` }).end());
    const credentials = { username: "ana", password: "secret" };
    const ctx = { signal: by(ana).signal, locale: "en" };
    await expect(adapterOf(desk.url).accounts!.signIn(credentials, ctx)).rejects.toMatchObject({ code: "unavailable" });
    expect(elsewhere.asked).toEqual([]);
  });

  test("a guest who types a member's address reads nothing and writes nothing: the desk is not even called", async () => {
    const desk = await fakeDesk();
    const adapter = adapterOf(desk.url);
    const { tickets } = adapter;
    const guest = by({ id: "guest-1", email: "ana@example.org", name: "Ana", guest: true });
    const draft = { clientId: crypto.randomUUID(), title: "x", text: "I am ana@example.org" };
    const results = await Promise.allSettled([
      tickets!.create(draft, guest),
      tickets!.list!({ filter: "all", search: "ana@example.org" }, guest),
      tickets!.counts!(guest),
      tickets!.get!("1", guest),
      tickets!.thread!("1", undefined, guest),
      tickets!.reply!("1", draft, guest),
      tickets!.setStatus!("1", "resolved", guest),
      ...(tickets!.rate === undefined ? [] : [tickets!.rate("1", { score: 5 }, guest)]),
      (async () => adapter.people?.key(guest.member) ?? (await firstOf(adapter, guest)))(),
    ]);
    expect(results.map((result) => (result.status === "rejected" ? result.reason.code : "done"))).toEqual(
      results.map(() => "forbidden"),
    );
    // Data that is the same for everyone, such as Redmine's statuses, may be read.
    expect(desk.asked.filter((asked) => !asked.startsWith("GET ") || asked.includes("ana"))).toEqual([]);
  });
});

/** The first step of the feed, or of a member's own stream. */
async function firstOf(adapter: Adapter, ctx: CallContext): Promise<unknown> {
  const feed = adapter.changes?.(undefined, { signal: ctx.signal, pause: async () => undefined });
  return await (feed ?? adapter.tickets!.events!("1", ctx))[Symbol.asyncIterator]().next();
}

/** The calls and their data while Boris does everything, with Ana's address in everything that he types. */
async function askedOfBoris(desk: FakeDesk, adapter: Adapter): Promise<readonly string[]> {
  const boris = by({ id: "boris", email: "boris@example.org", name: "ana@example.org" });
  const typed = {
    title: "ana@example.org",
    text: "From: ana@example.org",
    context: { page: "https://example.org/?email=ana@example.org", errors: ["ana@example.org"] },
  };
  await Promise.allSettled([
    adapter.tickets!.create({ clientId: crypto.randomUUID(), ...typed }, boris),
    adapter.tickets!.list!({ filter: "all", search: "ana@example.org" }, boris),
    adapter.tickets!.counts!(boris),
  ]);
  return desk.asked;
}

test("Request Tracker: a member who types another's address only acts as themselves", async () => {
  const desk = await fakeDesk();
  const bodies: string[] = [];
  const fields = [{ id: 1, name: "Podpora Ref" }];
  desk.answer((call, answer) => {
    let body = "";
    call.on("data", (chunk: Buffer) => (body += chunk.toString()));
    call.once("end", () => {
      if (call.url?.endsWith("/ticket")) bodies.push(body);
      const isQueue = call.url?.includes("/queue/") === true;
      const queue = { id: 1, Name: "Support", TicketCustomFields: fields, TicketTransactionCustomFields: fields };
      sendJson(answer, isQueue ? queue : { id: 7, items: [], count: 0, total: 0 });
    });
  });
  const adapter = requestTracker({ url: desk.url, token: "1-29-abcdef", queue: "Support" });
  const asked = await askedOfBoris(desk, adapter);
  const owners = asked.flatMap((call) => Array.from(call.matchAll(/EmailAddress = '([^']*)'/g), ([, email]) => email));
  expect(new Set(owners)).toEqual(new Set(["boris@example.org"]));
  expect(bodies).toHaveLength(1);
  const { Requestor, Subject, ...sent } = JSON.parse(bodies[0] ?? "{}");
  expect(Requestor).toMatch(/^"[^"<>]*" <boris@example\.org>$/);
  expect(Subject).toBe("ana@example.org");
  expect(Object.keys(sent).toSorted()).toEqual(["Content", "ContentType", "CustomFields", "Queue"]);
});

test("Redmine: a member who types another's address only acts as themselves", async () => {
  const desk = await fakeDesk();
  const users: string[] = [];
  const boris = { id: 12, login: "boris@example.org", mail: "boris@example.org", status: 1 };
  const roles = [{ project: { id: 1, name: "Help" }, roles: [{ id: 4, name: "Customer" }] }];
  const answers = redmineAnswers((path, answer) => {
    if (path === "/users.json") sendJson(answer, { users: [boris], total_count: 1 });
    else if (path === "/users/12.json") sendJson(answer, { user: { ...boris, memberships: roles } });
    else return false;
    return true;
  });
  desk.answer((call, answer) => {
    users.push(String(call.headers["x-redmine-switch-user"] ?? ""));
    answers(call, answer);
  });
  const options = { project: "help", tracker: "Support", role: "Customer" };
  const adapter = redmine({ url: desk.url, key: "0123456789abcdef0123456789abcdef01234567", ...options });
  const asked = await askedOfBoris(desk, adapter);
  expect(new Set(users)).toEqual(new Set(["", "boris@example.org"]));
  expect(asked.filter((call) => call.includes("ana@"))).toEqual([]);
  const authors = asked.flatMap((call) => /author_id=(\d+)/.exec(call)?.[1] ?? []);
  expect(new Set(authors)).toEqual(new Set(["12"]));
});

test("addresses in a desk's answer are never followed", async () => {
  const [desk, elsewhere] = [await fakeDesk(), await fakeDesk()];
  const time = "2026-01-01T00:00:00Z";
  const links = {
    _url: `${elsewhere.url}/ticket/7`,
    _hyperlinks: [{ ref: "self", type: "ticket", _url: `${elsewhere.url}/ticket/7` }],
  };
  const ticket = {
    ...links,
    id: "7",
    Subject: "x",
    Status: "open",
    Created: time,
    LastUpdated: time,
    Requestor: [{ ...links, id: "ana", EmailAddress: "ana@example.org" }],
  };
  desk.answer((call, answer) => {
    const items = call.url?.includes("/tickets?") ? [ticket] : [];
    const pages = { next_page: `${elsewhere.url}/tickets?page=2`, prev_page: `${elsewhere.url}/tickets` };
    sendJson(answer, { items, count: items.length, total: items.length, pages: 9, ...pages });
  });
  const { tickets } = requestTracker({ url: desk.url, token: "1-29-abcdef", queue: "Support" });
  expect((await tickets!.list!({ filter: "all" }, by(ana))).items.map(({ id }) => id)).toEqual(["7"]);
  expect((await tickets!.get!("7", by(ana))).id).toBe("7");
  expect((await tickets!.thread!("7", undefined, by(ana))).items).toEqual([]);
  expect(elsewhere.asked).toEqual([]);
});

test.each([
  ["{}", true],
  ['["[[[[", {"a": "\\\\"}]', true],
  ['["\\"[[[["]', true],
  ['"[[[["', true],
  ["[[[]]]", true],
  ["[[[[]]]]", false],
  ['[{"a":[{}]}]', false],
  ['["\\\\", [[[]]]]', false],
])("of three levels at most: %s is %s", (text, shallow) => {
  expect(isShallow(text, 3)).toBe(shallow);
});
