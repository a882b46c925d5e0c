import { describe, expect, test } from "vitest";
import { createFileIds } from "../../src/adapters/xmpp/file-ids.ts";
import { createSignatures } from "../../src/adapters/xmpp/signature.ts";
import { childOf } from "../../src/adapters/xmpp/xml.ts";
import { parsed } from "./xmpp-server.ts";
import {
  ana,
  by,
  failure,
  hasType,
  listening,
  LOBBY,
  NINA,
  openServer,
  request,
  ROOMS,
  signedIn,
  startCopy,
  takenChat,
} from "./xmpp-stage.ts";

const PODPORA = "urn:podpora:chat:1";
const body = (text: string) => `<body>${text}</body>`;
const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
const record = (value: object, attributes = "") =>
  `<podpora xmlns="${PODPORA}" ${attributes}>${escaped(JSON.stringify(value))}</podpora>`;
const said = (text: string, files: readonly object[] = []) => ({
  type: "said",
  clientId: crypto.randomUUID(),
  text,
  files,
});

describe("a record without a valid signature does not count", () => {
  test.each([
    ["words of the member's", said("I never wrote this")],
    ["an end", { type: "state", status: "ended" }],
    ["a colleague", { type: "state", status: "active", agent: { name: "Director", jid: "x@example.org" } }],
  ])("%s in the chat, live and after a restart", async (_what, forged) => {
    const { adapter, id, member, reported, room, server, shown } = await takenChat();
    const before = await adapter.chat.current(by(member));
    server.say(room, "Nina", body("shown to agents") + record(forged));
    server.say(room, "Nina", body("and after it") + record(forged, 'at="2026-11-30T10:00:00Z" mac="AAAA"'));
    server.say(room, "Nina", body("mine"));
    await expect.poll(shown).toEqual(["Where is my order?", "mine"]);
    expect(await adapter.chat.current(by(member))).toEqual(before);
    expect(reported).toEqual([expect.stringMatching(/no copy of the gateway has signed/)]);
    await adapter.dispose?.();
    const again = startCopy(server).adapter;
    const { items } = await again.chat.history(id, undefined, by(member));
    expect(items.map(({ text }) => text)).toEqual(["Where is my order?", "mine"]);
    expect(await again.chat.current(by(member))).toEqual(before);
  });

  test.each(["ended", "back", "opened", "taken"])("%s in the lobby", async (type) => {
    const { adapter, id, member, server } = await takenChat();
    const agent = { name: "Vera", jid: "vera@example.org" };
    const opened = { code: "abcde", memberId: "somebody else", name: "Mallory" };
    const before = await adapter.chat.current(by(member));
    server.say(LOBBY, "Nina", body("x") + record({ type, id, agent, ...opened }));
    server.say(LOBBY, "Nina", body("x") + record({ type, id: "c0", agent, ...opened }));
    server.say(LOBBY, "Nina", body("!queue"));
    await expect.poll(() => server.sent.join()).toContain("No member is waiting.");
    expect(await adapter.chat.current(by(member))).toEqual(before);
    expect(await adapter.chat.current(by({ id: "somebody else" }))).toBeUndefined();
  });
});

describe("a signed record", () => {
  test("counts in no other room", async () => {
    const { adapter, id, member, room, server } = await takenChat();
    const boris = { id: "m2", name: "Boris" };
    const other = await adapter.chat.open(request({ question: "the other one's secret" }), by(boris));
    const { id: sentId, inner } = signedIn(server.archive(`${other.id}@${ROOMS}`).findLast(hasType("said"))?.xml);
    server.say(room, "Nina", inner, sentId);
    server.say(room, "Nina", body("after"));
    await expect
      .poll(async () => (await adapter.chat.history(id, undefined, by(member))).items.map(({ text }) => text))
      .toEqual(["Where is my order?", "after"]);
  });

  test("counts with no other content, body, id or time", async () => {
    const { room, server, shown } = await takenChat();
    const { id: sentId, inner } = signedIn(server.archive(room).find(hasType("said"))?.xml);
    server.say(room, "Nina", inner.replace("Where is my order?", "Cancel my order"), sentId);
    server.say(room, "Nina", inner.replace(/&quot;clientId&quot;:&quot;|"clientId":"/, "$&0"), sentId);
    server.say(room, "Nina", inner, "another id");
    server.say(room, "Nina", inner.replace(/at="[^"]+"/, `at="${new Date().toISOString()}"`), sentId);
    server.say(room, "Nina", body("after"));
    await expect.poll(shown).toEqual(["Where is my order?", "after"]);
  });

  test("counts once: a replay has no effect", async () => {
    const { adapter, member, server } = await takenChat();
    const taken = signedIn(server.archive(LOBBY).find(hasType("taken"))?.xml);
    server.say(LOBBY, "Nina", body("!queue"));
    server.say(`${(await adapter.chat.current(by(member)))?.id}@${ROOMS}`, "Nina", body("!back"));
    await expect.poll(async () => (await adapter.chat.current(by(member)))?.status).toBe("queued");
    server.say(LOBBY, "Nina", taken.inner, taken.id);
    server.say(LOBBY, "Nina", body("!help"));
    await expect.poll(() => server.sent.join()).toContain("!take CODE");
    expect((await adapter.chat.current(by(member)))?.status).toBe("queued");
  });

  test("counts with each listed key: the first one signs, so keys can be changed while chats run", async () => {
    const [old, fresh] = ["o".repeat(32), "f".repeat(32)];
    const { adapter, id, member, server } = await takenChat({ key: old });
    await adapter.dispose?.();
    const both = startCopy(server, { key: [fresh, old] }).adapter;
    expect((await both.chat.current(by(member)))?.status).toBe("active");
    await both.chat.send(id, { clientId: crypto.randomUUID(), text: "with the new key" }, by(member));
    await both.dispose?.();
    const only = startCopy(server, { key: fresh });
    expect(await only.adapter.chat.current(by(member))).toBeUndefined();
    expect(only.reported.join()).toMatch(/has signed/);
    expect(() => startCopy(server, { key: [fresh, "short"] })).toThrow(/"key"/);
    expect(() => startCopy(server, { key: [] })).toThrow(/"key"/);
  });
});

describe("a file's address", () => {
  const signatures = createSignatures(["k".repeat(32)]);
  const ids = createFileIds("https://upload.example.org", signatures);
  const file = (url: string) => ({ url, name: "a.txt", type: "text/plain", bytes: 1 });

  test.each([
    "http://127.0.0.1:9/latest/meta-data",
    "http://upload.example.org/a",
    "https://upload.example.org:8443/a",
    "https://upload.example.org.evil.example/a",
    "https://user@upload.example.org/a",
    "https://upload.example.org@evil.example/a",
    "blob:https://upload.example.org/a",
    "file:///etc/passwd",
    "//upload.example.org/a",
    "",
  ])("is not sealed when it is %s, and not opened when it was", (url) => {
    expect(ids.attachmentOf(file(url), "m1")).toBeUndefined();
    const elsewhere = Buffer.from(JSON.stringify([url, "a.txt", "text/plain", 1])).toString("base64url");
    expect(ids.unseal(`${elsewhere}.${signatures.sign("file", "m1", elsewhere)}`, "m1")).toBeUndefined();
  });

  test("is sealed for its member when it is the upload service's", () => {
    const id = ids.attachmentOf(file("https://upload.example.org/x/a.txt"), "m1")?.id ?? "";
    expect(ids.unseal(id, "m1")).toMatchObject({ url: "https://upload.example.org/x/a.txt" });
    for (const wrong of ["", ".", "x.y", id.slice(1), id.slice(0, -1), `${id}.x`.replace(".", "")]) {
      expect(ids.unseal(wrong, "m1")).toBeUndefined();
    }
    expect(ids.unseal(id, "m2")).toBeUndefined();
    expect(createFileIds(undefined, signatures).unseal(id, "m1")).toBeUndefined();
  });

  test("at a service that does not answer delays nothing for long", async () => {
    let asked = 0;
    const origin = await listening(() => void (asked += 1));
    const { adapter, id, member, room, server } = await takenChat({ files: { service: "upload.example.org", origin } });
    for (let index = 0; index < 60; index += 1) server.say(room, "Nina", body(`${origin}/${index}.txt`));
    server.say(room, "Nina", body("after"));
    const items = async () => (await adapter.chat.history(id, undefined, by(member))).items;
    await expect.poll(async () => (await items()).at(-1)?.text).toBe("after");
    // As many as are requested at once: then it is not called.
    expect(asked).toBe(6);
    expect((await items()).at(-2)?.attachments).toMatchObject([{ name: "59.txt", bytes: 0 }]);
  });

  test("does not follow redirects", async () => {
    const asked: string[] = [];
    const inner = await listening((call, answer) => {
      asked.push(call.url ?? "");
      answer.end("what only the gateway's network can see");
    });
    const origin = await listening((call, answer) => {
      if (call.method === "HEAD") answer.writeHead(200, { "Content-Length": "7" }).end();
      else answer.writeHead(302, { Location: `${inner}/latest/meta-data` }).end();
    });
    const { adapter, id, member, room, server } = await takenChat({ files: { service: "upload.example.org", origin } });
    server.say(room, "Nina", body(`${origin}/seen.txt`));
    await expect.poll(async () => (await adapter.chat.history(id, undefined, by(member))).items.length).toBe(2);
    const { items } = await adapter.chat.history(id, undefined, by(member));
    expect(items[1]?.attachments).toMatchObject([{ name: "seen.txt", bytes: 7 }]);
    const download = adapter.uploads?.download?.(items[1]?.attachments?.[0]?.id ?? "", by(member));
    expect((await failure(download ?? Promise.resolve())).code).toBe("unavailable");
    expect(asked).toEqual([]);
  });

  test.each(["-1", "x", "1e99", "99999999999999999999"])("has a size that is a number, also for %s", async (length) => {
    const origin = await listening((_call, answer) => {
      // Written by hand: Node sends no such header.
      answer.socket?.end(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`);
    });
    const { adapter, id, member, room, server } = await takenChat({
      files: { service: "upload.example.org", origin },
    });
    server.say(room, "Nina", body(`${origin}/seen.txt`));
    await expect.poll(async () => (await adapter.chat.history(id, undefined, by(member))).items.length).toBe(2);
    const { items } = await adapter.chat.history(id, undefined, by(member));
    expect(items[1]?.attachments?.[0]?.bytes).toBe(0);
  });
});

test("records from before there were signatures are skipped, and the chat starts again", async () => {
  const server = await openServer();
  const old = `<message xmlns="jabber:client" type="groupchat" from="${LOBBY}/Podpora" id="1">${body("x")}${record({ type: "opened", id: "c1", code: "abcde", memberId: ana.id, name: "Ana" })}</message>`;
  server.keep(LOBBY, old);
  const { adapter, reported } = startCopy(server);
  await adapter.chat.availability(by(ana));
  server.join(LOBBY, "Nina", NINA);
  expect(await adapter.chat.current(by(ana))).toBeUndefined();
  expect((await adapter.chat.open(request(), by(ana))).status).toBe("queued");
  expect(reported).toHaveLength(1);
  expect(childOf(parsed(server.archive(LOBBY).at(-1)?.xml ?? ""), "podpora", PODPORA)).toBeDefined();
});
