import { expect, test } from "vitest";
import { by, listen, LOBBY, startCopy, takenChat } from "./xmpp-stage.ts";

const body = (text: string) => `<body>${text}</body>`;
const deep = "<a>".repeat(20_000) + "</a>".repeat(20_000);
const json = JSON.stringify({ type: "said", clientId: "x", text: "x".repeat(100_000), files: [] }).replaceAll(
  '"',
  "&quot;",
);

/** What an agent's client may send. `words`: what the member reads of it. */
const poisons: readonly (readonly [string, string, words: boolean])[] = [
  ["a bare % in an address of the upload service", body("https://upload.example.org/report/100%"), true],
  ["half a character in an address", body("https://upload.example.org/%E0%A4%A"), true],
  ["an address with a name of 100,000 characters", body(`https://upload.example.org/${"%41".repeat(30_000)}`), true],
  ["a file of elsewhere without words", `<x xmlns="jabber:x:oob"><url>https://example.org/a.png</url></x>`, true],
  ["an address that is none", `${body("look")}<x xmlns="jabber:x:oob"><url>https://[/</url></x>`, true],
  ["elements 20,000 deep", body("deep") + deep, true],
  ["100,000 elements", body("wide") + "<a/>".repeat(20_000), true],
  ["a record of no JSON", `<podpora xmlns="urn:podpora:chat:1">{</podpora>`, false],
  ["a record of much JSON", `<podpora xmlns="urn:podpora:chat:1">${json}</podpora>`, false],
  ["a record of deep JSON", `<podpora xmlns="urn:podpora:chat:1">${"[".repeat(50_000)}</podpora>`, false],
  [
    "a fallback of nowhere",
    `${body("words")}<fallback xmlns="urn:xmpp:fallback:0"><body start="-1" end="1e9"/></fallback>`,
    true,
  ],
  ["a correction of nothing", `${body("words")}<replace xmlns="urn:xmpp:message-correct:0"/>`, true],
  ["a retraction of nothing", `<retract xmlns="urn:xmpp:message-retract:1"/>`, false],
  ["a mark without an id", `<displayed xmlns="urn:xmpp:chat-markers:0"/>`, false],
  ["a command with 100,000 blanks in it", body(`!take a${"\t ".repeat(50_000)}x`), true],
  ["100,000 blanks before a command that is none", body(`${" ".repeat(100_000)}!x`), true],
  ["50,000 quotations", body("&gt; ".repeat(50_000)), true],
  ["100,000 lines", body("&gt;\n\n".repeat(30_000)), true],
  ["100,000 stars", body("*".repeat(100_000)), true],
  ["100,000 backquotes", body("`".repeat(100_000)), true],
  ["50,000 links begun", body("[a](".repeat(50_000)), true],
  [
    "a reply with 20,000 places",
    `${body("words")}<fallback xmlns="urn:xmpp:fallback:0">${'<body start="0" end="0"/>'.repeat(8000)}</fallback>`,
    true,
  ],
  ["a stranger's attributes", `<body xml:lang="xx" a:b="c" xmlns:a="urn:a" a:__proto__="1">words</body>`, true],
];

test.each(poisons)(
  "%s blocks nothing that comes after it, live and after a restart",
  async (_what, inner, words) => {
    const { adapter, id, member, room, server, shown } = await takenChat();
    const live = listen(adapter, id, member);
    server.say(room, "Nina", inner);
    server.say(room, "Nina", body("and after it"));
    await expect.poll(shown).toContain("and after it");
    await expect
      .poll(() => live.some((event) => event.type === "message" && event.message.text === "and after it"))
      .toBe(true);
    const before = await shown();
    expect(before).toHaveLength(words ? 3 : 2);
    await adapter.chat.send(id, { clientId: crypto.randomUUID(), text: "still here" }, by(member));
    await adapter.dispose?.();
    const { adapter: again } = startCopy(server);
    const after = await again.chat.history(id, undefined, by(member));
    expect(after.items.map(({ text }) => text)).toEqual([...before, "still here"]);
  },
  20_000,
);

test.each([
  ["a message from nobody", "<message type='groupchat'/>"],
  ["a presence from nobody", "<presence/>"],
  [
    "a presence of a room without an item",
    "<presence from='help@rooms.example.org/x'><x xmlns='http://jabber.org/protocol/muc#user'/></presence>",
  ],
  ["an answer that nobody waits for", "<iq type='result' id='x'/>"],
  ["a request without anything", "<iq type='get'/>"],
  ["an error without a reason", "<message type='error' from='help@rooms.example.org'><error/></message>"],
  [
    "an entry of an archive that nobody asked for",
    "<message from='help@rooms.example.org'><result xmlns='urn:xmpp:mam:2' queryid='x'/></message>",
  ],
])("%s does not stop the gateway from receiving", async (_what, stanza) => {
  const { room, server, shown } = await takenChat();
  server.send("chat-a.example.org", stanza);
  server.say(room, "Nina", body("and after it"));
  await expect.poll(shown).toContain("and after it");
});

test("an archive entry with an invalid date keeps its text, and those after it", async () => {
  const { adapter, id, member, room, server } = await takenChat();
  await adapter.dispose?.();
  const message = (text: string) =>
    `<message xmlns="jabber:client" type="groupchat" from="${room}/Nina" id="${text}">${body(text)}</message>`;
  server.keep(room, message("odd"), "the day before");
  server.keep(room, message("odder"), "+275760-09-14T00:00:00Z");
  server.keep(room, message("even"));
  const { adapter: again } = startCopy(server);
  const { items } = await again.chat.history(id, undefined, by(member));
  expect(items.map(({ text }) => text)).toEqual(["Where is my order?", "odd", "odder", "even"]);
  expect(items.every(({ at }) => !Number.isNaN(Date.parse(at)))).toBe(true);
});

test("namespaces are resolved correctly, also below an element with a prefix and attributes", async () => {
  const { room, server, shown } = await takenChat();
  // These messages are in no archive, so the room must be open before they come.
  await expect.poll(shown).toEqual(["Where is my order?"]);
  const inner = `<c:body xml:lang="en">words</c:body><encrypted a="b"/>`;
  const head = `xmlns="jabber:component:accept" xmlns:c="jabber:component:accept" type="groupchat" id="p1" from="${room}/Nina"`;
  const stable = (id: string) => `<stanza-id xmlns="urn:xmpp:sid:0" by="${room}" id="${id}"/>`;
  server.send("chat-a.example.org", `<c:message ${head}>${inner}${stable("a99999998")}</c:message>`);
  server.send(
    "chat-a.example.org",
    `<message ${head.replace("p1", "p2")}><c:wrap a="b"><x xmlns="jabber:x:encrypted"/></c:wrap><body>more</body>${stable("a99999999")}</message>`,
  );
  await expect.poll(shown).toEqual(["Where is my order?", "words", "more"]);
});

test("an error sent by an occupant is not the room's", async () => {
  const { room, server, shown } = await takenChat();
  const before = server.occupants(room);
  for (const from of [`${room}/Nina`, `${LOBBY}/Nina`]) {
    server.send(
      "chat-a.example.org",
      `<message type="error" from="${from}"><error type="cancel"><not-acceptable xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></message>`,
    );
  }
  server.say(room, "Nina", body("and after it"));
  await expect.poll(shown).toContain("and after it");
  expect(server.occupants(room)).toEqual(before);
});

test("a private message of the gateway to an agent is short, whatever they asked for", async () => {
  const { room, server } = await takenChat();
  server.say(room, "Nina", body(`!to ${"&amp;".repeat(1000)}`));
  server.say(LOBBY, "Nina", body(`!take ${"&amp;".repeat(1000)}`));
  await expect.poll(() => server.sent.filter((each) => each.includes("There is no"))).toHaveLength(2);
  for (const each of server.sent) expect(each.length).toBeLessThan(1000);
});

test("skipped content is reported, without its text", async () => {
  const { reported, room, server, shown } = await takenChat();
  server.say(
    room,
    "Nina",
    `${body("the password is Hg7x")}<podpora xmlns="urn:podpora:chat:1">{"secret":"Hg7x"}</podpora>`,
  );
  server.say(room, "Nina", body("and after it"));
  await expect.poll(shown).toContain("and after it");
  expect(reported).toHaveLength(1);
  expect(reported.join()).toMatch(/^XMPP, .* was skipped/);
  expect(reported.join()).not.toMatch(/Hg7x|secret|password/);
});
