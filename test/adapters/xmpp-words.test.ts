import { DOMParser } from "@xmldom/xmldom";
import { describe, expect, test } from "vitest";
import { createChatLog } from "../../src/adapters/xmpp/chat-log.ts";
import { archivedEntry, liveEntry, type Entry } from "../../src/adapters/xmpp/entry.ts";
import type { SharedFiles } from "../../src/adapters/xmpp/files.ts";
import type { Chat } from "../../src/adapters/xmpp/queue.ts";
import type { ChatEvent } from "../../src/core/contract/adapter.ts";

const room = "c1@rooms.example";
const NINA = "nina@example";
const author = `<x xmlns="http://jabber.org/protocol/muc#user"><item jid="${NINA}/phone"/></x>`;
let count = 0;

/** The room's stanza for a message that Nina's client sent as `id`. */
function stanza(inner: string, id = `m${(count += 1)}`, nick = "/Nina"): string {
  return `<message xmlns="jabber:client" type="groupchat" from="${room}${nick}" id="${id}">${inner}<stanza-id xmlns="urn:xmpp:sid:0" by="${room}" id="s-${id}"/></message>`;
}
// The parser's elements are those of the DOM, as far as the adapter uses them.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
const parse = (xml: string) => new DOMParser().parseFromString(xml, "text/xml").documentElement as unknown as Element;
const body = (text: string) => `<body>${text}</body>`;

const ways = {
  live: (xml: string) => liveEntry(parse(xml), room, undefined, NINA),
  archived: (xml: string) => {
    const id = /stanza-id[^>]* id="([^"]+)"/.exec(xml)?.[1] ?? "";
    return archivedEntry(
      parse(
        `<result xmlns="urn:xmpp:mam:2" id="${id}"><forwarded xmlns="urn:xmpp:forward:0"><delay xmlns="urn:xmpp:delay" stamp="2026-11-23T10:00:00Z"/>${xml.replace("</message>", `${author}</message>`)}</forwarded></result>`,
      ),
    );
  },
};

const chat: Chat = {
  id: "c1",
  code: "abcde",
  memberId: "10482",
  name: "Ana",
  ticketId: undefined,
  openedAt: "2026-11-23T10:00:00Z",
  status: "active",
  turn: 1,
  takenAt: undefined,
  agent: { name: "Nina", jid: NINA },
  askedBy: undefined,
  ticket: undefined,
  records: new Set(),
};
const files: SharedFiles = {
  api: undefined,
  attachmentOf: () => ({ id: "f", name: "f", bytes: 1, type: "text/plain" }),
  knows: () => true,
  learn: async () => undefined,
  inMessage: (entry) => ({ text: entry.body, attachments: [] }),
  ofDraft: () => [],
};

function read(read_: (xml: string) => Entry | undefined, stanzas: readonly string[]) {
  const log = createChatLog(chat, files);
  const heard: ChatEvent[] = [];
  for (const xml of stanzas) {
    const entry = read_(xml);
    if (entry) log.apply(entry);
  }
  return { log, heard, shown: log.history(undefined).items.map(({ id, text }) => [id, text]) };
}

describe.each(Object.entries(ways))("the message of an agent's client, %s", (_name, way) => {
  const shown = (...stanzas: readonly string[]) => read(way, stanzas).shown;

  test("a correction takes the place of the message", () => {
    const replace = (id: string) => `<replace xmlns="urn:xmpp:message-correct:0" id="${id}"/>`;
    const first = stanza(body("Restrat it"), "a1");
    expect(shown(first, stanza(body("Restart it") + replace("a1"), "a2"))).toEqual([["s-a1", "Restart it"]]);
    expect(
      shown(first, stanza(body("Restart") + replace("a1"), "a2"), stanza(body("Restart!") + replace("a1"), "a3")),
    ).toEqual([["s-a1", "Restart!"]]);
    expect(shown(first, stanza(body("Hi") + replace("a1"), "a4", "/Vera"))).toHaveLength(2);
    expect(shown(stanza(body("Hi") + replace("unknown"), "a5"))).toEqual([["s-a5", "Hi"]]);
  });

  test.each([
    ["by the room's id", `<retract xmlns="urn:xmpp:message-retract:1" id="s-b1"/>`, "/Nina"],
    ["by the sender's id", `<retract xmlns="urn:xmpp:message-retract:1" id="b1"/>`, "/Nina"],
    [
      "of the version before",
      `<apply-to xmlns="urn:xmpp:fasten:0" id="b1"><retract xmlns="urn:xmpp:message-retract:0"/></apply-to>`,
      "/Nina",
    ],
    [
      "by a moderator",
      `<retract xmlns="urn:xmpp:message-retract:1" id="s-b1"><moderated xmlns="urn:xmpp:message-moderate:1"/></retract>`,
      "",
    ],
  ])("a retracted message disappears, and so does the retraction: %s", (_what, inner, nick) => {
    const secret = stanza(body("secret"), "b1");
    const fallback = `${body("This person attempted to retract a previous message.")}<fallback xmlns="urn:xmpp:fallback:0"/>`;
    expect(shown(secret, stanza(fallback + inner, "b2", nick))).toEqual([]);
    expect(shown(secret, stanza(fallback + inner, "b3", "/Vera"))).toEqual([["s-b1", "secret"]]);
  });

  test.each([
    ["OMEMO", `<encrypted xmlns="eu.siacs.conversations.axolotl"/>`],
    ["OMEMO 2", `<encrypted xmlns="urn:xmpp:omemo:2"/>`],
    ["OpenPGP", `<openpgp xmlns="urn:xmpp:openpgp:0">x</openpgp>`],
    ["OpenPGP of old", `<x xmlns="jabber:x:encrypted">x</x>`],
    ["what only says so", `<encryption xmlns="urn:xmpp:eme:0" namespace="x"/>`],
  ])("an encrypted message is not shown: %s", (_what, inner) => {
    const xml = stanza(body("I sent you an encrypted message but your client doesn't support that.") + inner);
    expect(shown(xml)).toEqual([]);
    expect(way(xml)?.encrypted).toBe(true);
  });

  test("a reaction is not an answer", () => {
    expect(
      shown(stanza(`${body("👍")}<reactions xmlns="urn:xmpp:reactions:0" id="x"><reaction>👍</reaction></reactions>`)),
    ).toEqual([]);
  });

  test("only the reply itself is shown", () => {
    const reply = `<reply xmlns="urn:xmpp:reply:0" id="x"/><fallback xmlns="urn:xmpp:fallback:0" for="urn:xmpp:reply:0"><body start="0" end="8"/></fallback>`;
    expect(shown(stanza(body("&gt; 🙂 Hi\n\nTry again") + reply, "d1"))).toEqual([["s-d1", "Try again"]]);
  });

  test("the room's own messages have no author", () => {
    expect(shown(stanza(body("This room is not anonymous"), "e1", ""))).toEqual([]);
  });

  test("plain text is shown as it was written", () => {
    const words = String.raw`rm *.log *.tmp, C:\_x_ and 1. no list`;
    const text = read(way, [stanza(body(words))]).shown[0]?.[1];
    expect(text).toBe(String.raw`rm \*.log \*.tmp, C:\\\_x\_ and 1. no list`);
  });
});

test("an open stream gets the change once, and a later one nothing of the earlier text", async () => {
  const log = createChatLog(chat, files);
  const apply = (xml: string) => {
    const entry = ways.live(xml);
    if (entry) log.apply(entry);
  };
  const stop = new AbortController();
  const heard: ChatEvent[] = [];
  const listening = (async () => {
    for await (const event of log.read(undefined, stop.signal)) heard.push(event);
  })().catch(() => undefined);
  apply(stanza(body("Restrat it"), "f1"));
  apply(stanza(`${body("Restart it")}<replace xmlns="urn:xmpp:message-correct:0" id="f1"/>`, "f2"));
  apply(stanza(`<retract xmlns="urn:xmpp:message-retract:1" id="s-f1"/>`, "f3"));
  await expect.poll(() => heard.map(({ type }) => type)).toEqual(["message", "message", "message-removed"]);
  stop.abort();
  await listening;
  const later = new AbortController();
  const replayed: string[] = [];
  for await (const event of log.read(undefined, later.signal)) {
    replayed.push(JSON.stringify(event));
    if (replayed.length === 3) break;
  }
  expect(replayed.join("")).not.toContain("Rest");
});
