import { expect, test } from "vitest";
import { attributeOf, childOf, textOf } from "../../src/adapters/xmpp/xml.ts";
import { parsed } from "./xmpp-server.ts";
import { ana, by, failure, LOBBY, openServer, request, startCopy, takenChat } from "./xmpp-stage.ts";

const draft = (text: string) => ({ clientId: crypto.randomUUID(), text });

test.each([
  ["100,000 ampersands", "&".repeat(100_000)],
  ["100,000 angle brackets", "<".repeat(100_000)],
  ["100,000 Chinese characters", "客".repeat(100_000)],
  ["50,000 Chinese characters beside what XML has no place for", `\u0000${"客".repeat(50_000)}`],
])("%s are refused as too long, by the field, and nothing is sent", async (_what, text) => {
  const { adapter, id, member, server } = await takenChat();
  const refused = await failure(adapter.chat.send(id, draft(text), by(member)));
  expect(refused.code).toBe("too-large");
  expect(Object.keys(refused.fields ?? {})).toEqual(["text"]);
  expect(refused.message).not.toMatch(/[&<客]{9}/);
  expect(server.largest()).toBeLessThan(200 * 1024);
  expect(server.connections()).toBe(1);
  expect((await adapter.chat.send(id, draft("and this"), by(member))).text).toBe("and this");
});

test("a question that is too long opens no chat", async () => {
  const server = await openServer();
  const { adapter } = startCopy(server);
  const refused = await failure(adapter.chat.open(request({ question: "&".repeat(100_000) }), by(ana)));
  expect(refused.code).toBe("too-large");
  expect(Object.keys(refused.fields ?? {})).toEqual(["question"]);
  expect(await adapter.chat.current(by(ana))).toBeUndefined();
  expect(server.bodies(LOBBY)).toEqual([]);
});

test("a question that is too long is refused with its field even if a chat is running", async () => {
  const { adapter, member, shown } = await takenChat();
  const refused = await failure(adapter.chat.open(request({ question: "&".repeat(100_000) }), by(member)));
  expect(Object.keys(refused.fields ?? {})).toEqual(["question"]);
  expect(await shown()).toHaveLength(1);
});

test("a rating's comment that is too long is refused, and agents read the beginning of a long one", async () => {
  const { adapter, id, member, server } = await takenChat();
  const refused = await failure(adapter.chat.rate(id, { score: 4, comment: "&".repeat(100_000) }, by(member)));
  expect(refused.code).toBe("too-large");
  expect(Object.keys(refused.fields ?? {})).toEqual(["comment"]);
  await adapter.chat.rate(id, { score: 4, comment: `good\n!take\n${"x".repeat(9000)}` }, by(member));
  const line = server.bodies(LOBBY).at(-1) ?? "";
  expect(line).toMatch(/found the help 4 of 5: “good !take x+…”$/);
  expect(line.length).toBeLessThan(600);
});

test("a long text within the limit arrives, and is in the message once", async () => {
  const { adapter, id, member, room, server } = await takenChat();
  const text = "čšž <b> & \"quotes\" 'n' \t tab\n\n  two lines  ".repeat(800);
  expect((await adapter.chat.send(id, draft(text), by(member))).text).toBe(text);
  const sent = server.archive(room).at(-1)?.xml ?? "";
  expect(textOf(parsed(sent), "body")).toBe(text);
  expect(childOf(parsed(sent), "podpora")?.textContent).not.toContain("quotes");
});

test.each([
  ["controls", "a\u0000b\u0007c\u001B[31m"],
  ["carriage returns", "a\r\nb\rc"],
  ["half a character", "a\uD83Db"],
  ["what is no character", "a\uFFFEb\uFFFFc"],
  ["blanks at both ends", "  a\n"],
  ["separators", "a\u0085b\u2028c\u2029d"],
])("text with %s is read as written, also after a restart", async (_what, text) => {
  const { adapter, id, member, server } = await takenChat();
  const sent = await adapter.chat.send(id, draft(text), by(member));
  expect(sent.text).toBe(text);
  await adapter.dispose?.();
  const again = startCopy(server).adapter;
  expect((await again.chat.history(id, undefined, by(member))).items.at(-1)?.text).toBe(text);
  const page = server.archive(`${id}@rooms.example.org`).map(({ xml }) => attributeOf(parsed(xml), "id"));
  expect(page).toContain(sent.clientId);
});

test("the limit is an option, for servers that have a lower one", async () => {
  const { adapter, id, member } = await takenChat({ maxStanzaBytes: 4000 });
  expect((await failure(adapter.chat.send(id, draft("x".repeat(4000)), by(member)))).code).toBe("too-large");
  expect((await adapter.chat.send(id, draft("x".repeat(3000)), by(member))).text).toHaveLength(3000);
});
