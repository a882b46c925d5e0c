import { describe, expect, test } from "vitest";
import { by, listen, listening, LOBBY, NINA, startCopy, takenChat } from "./xmpp-stage.ts";

const body = (text: string) => `<body>${text}</body>`;
const replace = (id: string) => `<replace xmlns="urn:xmpp:message-correct:0" id="${id}"/>`;
const retract = (id: string) => `<retract xmlns="urn:xmpp:message-retract:1" id="${id}"/>`;
const moderated = (id: string) =>
  `<apply-to xmlns="urn:xmpp:fasten:0" id="${id}"><moderated xmlns="urn:xmpp:message-moderate:0" by="x"><retract xmlns="urn:xmpp:message-retract:0"/></moderated></apply-to>`;
const QUESTION = "Where is my order?";

type Step = readonly [nick: string, inner: string, id?: string];

/** What the member reads after these, live and at a copy that starts then. */
async function read(steps: readonly Step[]) {
  const { adapter, id, member, room, server } = await takenChat();
  server.join(room, "Vera", "vera@example.org/x");
  const live = listen(adapter, id, member);
  const archived: string[] = [];
  for (const [nick, inner, sentId] of steps) {
    archived.push(
      server.say(
        room,
        nick,
        inner.replaceAll(/\$(\d)/g, (_, index: string) => archived[Number(index)] ?? ""),
        sentId,
      ),
    );
  }
  server.say(room, "Nina", body("the end"));
  const words = async (of: typeof adapter) =>
    (await of.chat.history(id, undefined, by(member))).items.map(({ text }) => text);
  await expect.poll(async () => (await words(adapter)).at(-1)).toBe("the end");
  await expect.poll(() => JSON.stringify(live)).toContain("the end");
  const before = await words(adapter);
  await adapter.dispose?.();
  const again = startCopy(server).adapter;
  expect(await words(again)).toEqual(before);
  return { again, server, room, shown: before.slice(1, -1), live };
}
const shown = async (...steps: readonly Step[]) => (await read(steps)).shown;

describe("only the author of a message changes it", () => {
  test.each<readonly [string, readonly Step[], readonly string[]]>([
    [
      "a colleague's correction is a message",
      [
        ["Nina", body("one"), "m1"],
        ["Vera", body("two") + replace("m1")],
      ],
      ["one", "two"],
    ],
    [
      "a colleague's retraction is nothing",
      [
        ["Nina", body("one"), "m1"],
        ["Vera", retract("$0")],
      ],
      ["one"],
    ],
    [
      "a colleague who uses the same id changes their own",
      [
        ["Nina", body("one"), "m1"],
        ["Vera", body("hers"), "m1"],
        ["Nina", body("two") + replace("m1")],
        ["Vera", retract("m1")],
      ],
      ["two"],
    ],
    [
      "the member's words are nobody else's",
      [
        ["Nina", body("not what you said") + replace("open")],
        ["Nina", retract("open")],
      ],
      ["not what you said"],
    ],
    [
      "by the room's name of it",
      [
        ["Nina", body("one"), "m1"],
        ["Nina", retract("$0")],
      ],
      [],
    ],
    [
      "by another program's name of it",
      [
        ["Nina", `${body("one")}<origin-id xmlns="urn:xmpp:sid:0" id="o1"/>`, "m1"],
        ["Nina", retract("o1")],
      ],
      [],
    ],
    [
      "a moderator takes back anybody's, by way of the room",
      [
        ["Nina", body("one"), "m1"],
        ["", moderated("$0")],
      ],
      [],
    ],
    [
      "who only says that they are a moderator takes back nothing",
      [
        ["Nina", body("one"), "m1"],
        ["Vera", moderated("$0")],
      ],
      ["one"],
    ],
    [
      "a correction of a correction",
      [
        ["Nina", body("one"), "m1"],
        ["Nina", body("two") + replace("m1"), "m2"],
        ["Nina", body("three") + replace("m2"), "m3"],
      ],
      ["three"],
    ],
    [
      "what is corrected can be taken back",
      [
        ["Nina", body("one"), "m1"],
        ["Nina", body("two") + replace("m1"), "m2"],
        ["Nina", retract("m2")],
      ],
      [],
    ],
    [
      "what is taken back comes back by no correction",
      [
        ["Nina", body("one"), "m1"],
        ["Nina", retract("m1")],
        ["Nina", body("two") + replace("m1")],
      ],
      [],
    ],
    [
      "what turns out to be a command is no word",
      [
        ["Nina", body("!hepl"), "m1"],
        ["Nina", body("!help") + replace("m1")],
      ],
      [],
    ],
  ])("%s", async (_what, steps, words) => {
    expect(await shown(...steps)).toEqual(words);
  });

  test("a name that another person has taken gives no access to earlier messages", async () => {
    const { adapter, id, member, room, server } = await takenChat();
    server.say(room, "Nina", body("hers"), "m1");
    server.leave(room, "Nina");
    server.join(room, "Nina", "vera@example.org/x");
    server.say(room, "Nina", body("not hers") + replace("m1"), "m2");
    server.say(room, "Nina", retract("m1"), "m3");
    const words = async () => (await adapter.chat.history(id, undefined, by(member))).items.map(({ text }) => text);
    await expect.poll(words).toEqual([QUESTION, "hers", "not hers"]);
  });

  test.each([
    ["a message of whom nobody knows", "", ""],
    ["a message of somebody, by whom nobody knows", `<item jid="${NINA}"/>`, ""],
    ["a message of whom nobody knows, by somebody", "", `<item jid="${NINA}"/>`],
  ])("%s is not changed, whatever their name", async (_what, author, other) => {
    const { adapter, id, member, room, server } = await takenChat();
    await adapter.dispose?.();
    const keep = (item: string, inner: string, sentId: string) => {
      const from = `type="groupchat" from="${room}/Nina" id="${sentId}"`;
      const who = `<x xmlns="http://jabber.org/protocol/muc#user">${item}</x>`;
      server.keep(room, `<message xmlns="jabber:client" ${from}>${inner}${who}</message>`);
    };
    keep(author, body("the first one's"), "m1");
    keep(other, body("the second one's") + replace("m1"), "m2");
    keep(other, retract("m1"), "m3");
    const again = startCopy(server).adapter;
    const { items } = await again.chat.history(id, undefined, by(member));
    expect(items.map(({ text }) => text)).toEqual([QUESTION, "the first one's", "the second one's"]);
  });

  test("the author was determined on arrival, also while a file's size is still unknown", async () => {
    let answerNow = (): void => undefined;
    const isAsked = new Promise<void>((resolve) => (answerNow = resolve));
    const origin = await listening((_call, answer) => void isAsked.then(() => answer.end()));
    const { room, server, shown: words } = await takenChat({ files: { service: "upload.example.org", origin } });
    server.say(room, "Nina", body(`${origin}/a.txt`));
    server.say(room, "Nina", body("hers"), "m1");
    server.leave(room, "Nina");
    server.join(room, "Nina", "vera@example.org/x");
    server.say(room, "Nina", body("not hers") + replace("m1"), "m2");
    // The server's later stanzas are processed: so is this one.
    server.say(LOBBY, "Nina", body("!help"));
    await expect.poll(() => server.sent.join()).toContain("!take CODE");
    answerNow();
    await expect.poll(words).toEqual([QUESTION, "", "hers", "not hers"]);
  });

  test("a retraction after the end removes the message, and new messages are ignored", async () => {
    const { adapter, id, member, room, server } = await takenChat();
    const seen = listen(adapter, id, member);
    server.say(room, "Nina", body("a secret"), "m1");
    server.say(room, "Nina", body("!end"));
    // The room's archive decides the order, so the end must be in it first.
    const states = () => seen.flatMap((event) => (event.type === "conversation" ? [event.conversation.status] : []));
    await expect.poll(states).toContain("ended");
    server.say(room, "Nina", body("too late"));
    server.say(room, "Nina", retract("m1"));
    const words = async (of: typeof adapter = adapter) =>
      (await of.chat.history(id, undefined, by(member))).items.map(({ text }) => text);
    await expect.poll(async () => await words()).toEqual([QUESTION]);
    await adapter.dispose?.();
    expect(await words(startCopy(server).adapter)).toEqual([QUESTION]);
  });
});

describe("an extension's fallback text for other programs is not shown", () => {
  const fallback = (name: string, inner = "") =>
    `<fallback xmlns="urn:xmpp:fallback:0" for="${name}">${inner}</fallback>`;
  test.each<readonly [string, string, readonly string[]]>([
    [
      "a retraction of something unknown",
      retract("unknown") + body("This person attempted to retract…") + fallback("urn:xmpp:message-retract:1"),
      [],
    ],
    [
      "a reaction",
      `${body("👍")}<reactions xmlns="urn:xmpp:reactions:0" id="x"><reaction>👍</reaction></reactions>`,
      [],
    ],
    [
      "a reaction beside words",
      `${body("👍 Yes")}<reactions xmlns="urn:xmpp:reactions:0" id="x"/>${fallback("urn:xmpp:reactions:0", '<body start="0" end="2"/>')}`,
      ["Yes"],
    ],
    [
      "a reply's quotation",
      `${body("&gt; before\nafter")}<reply xmlns="urn:xmpp:reply:0" id="x"/>${fallback("urn:xmpp:reply:0", '<body start="0" end="9"/>')}`,
      ["after"],
    ],
    ["two parts", body("ab cd ef") + fallback("urn:a", '<body start="0" end="3"/><body start="6" end="8"/>'), ["cd "]],
    [
      "parts that lie over each other",
      body("abcdef") + fallback("urn:a", '<body start="1" end="4"/><body start="2" end="5"/>'),
      ["af"],
    ],
    ["a part that goes on behind the end", body("abc") + fallback("urn:a", '<body start="1" end="999"/>'), ["a"]],
    ["a part that ends before it begins", body("abc") + fallback("urn:a", '<body start="2" end="1"/>'), ["abc"]],
    ["a place that is none", body("abc") + fallback("urn:a", '<body start="x" end="-1"/>'), ["abc"]],
    ["a subject alone", body("abc") + fallback("urn:a", "<subject/>"), ["abc"]],
    ["all of it, by the name before", `${body("abc")}<fallback xmlns="urn:xmpp:feature-fallback:0"/>`, []],
    ["only a subject", "<subject>Orders</subject>", []],
    ["only typing", `<composing xmlns="http://jabber.org/protocol/chatstates"/>`, []],
    ["only a mark", `<displayed xmlns="urn:xmpp:chat-markers:0" id="x"/>`, []],
    [
      "words with markup beside them",
      `${body("do it *now*")}<markup xmlns="urn:xmpp:markup:0"><span start="6" end="11"><emphasis/></span></markup>`,
      [String.raw`do it \*now\*`],
    ],
    [
      "words with HTML beside them",
      `${body("do it")}<html xmlns="http://jabber.org/protocol/xhtml-im"><body xmlns="http://www.w3.org/1999/xhtml"><script>x</script></body></html>`,
      ["do it"],
    ],
    [
      "words with a subject and a state",
      `<subject>Orders</subject>${body("do it")}<active xmlns="http://jabber.org/protocol/chatstates"/>`,
      ["do it"],
    ],
    [
      "a file without words",
      `<x xmlns="jabber:x:oob"><url>https://example.org/a.png</url></x>`,
      ["https://example.org/a.png"],
    ],
    [
      "a file of the newer kind",
      `<file-sharing xmlns="urn:xmpp:sfs:0"><sources><url-data xmlns="http://jabber.org/protocol/url-data" target="https://example.org/b.png"/></sources></file-sharing>`,
      ["https://example.org/b.png"],
    ],
  ])("%s", async (_what, inner, words) => {
    expect(await shown(["Nina", inner])).toEqual(words);
  });

  test.each([
    ["OMEMO", `<encrypted xmlns="eu.siacs.conversations.axolotl"/>`],
    ["OMEMO of now", `<encrypted xmlns="urn:xmpp:omemo:2"/>`],
    ["OpenPGP", `<openpgp xmlns="urn:xmpp:openpgp:0">x</openpgp>`],
    ["OpenPGP of old", `<x xmlns="jabber:x:encrypted">x</x>`],
    ["S/MIME", `<e2e xmlns="urn:ietf:params:xml:ns:xmpp-e2e">x</e2e>`],
    ["an envelope", `<content xmlns="urn:xmpp:sce:1"/>`],
    ["one that nobody knows yet", `<encryption xmlns="urn:xmpp:eme:0" namespace="urn:new"/>`],
  ])("%s is not shown, and the agent is told once that nobody can read it", async (_what, inner) => {
    const {
      room,
      server,
      shown: words,
    } = await read([
      ["Nina", body("I sent you an OMEMO encrypted message") + inner],
      ["Nina", body("I sent you an OMEMO encrypted message") + inner],
    ]);
    expect(words).toEqual([]);
    const notes = () => server.bodies(room).filter((each) => each.includes("cannot read encrypted messages"));
    await expect.poll(notes).toHaveLength(1);
    expect(notes()[0]).toMatch(/^\[Podpora\] Ana Novak cannot read encrypted messages\./);
  });

  test("OTR is not shown either", async () => {
    expect(await shown(["Nina", body("?OTR:AAMDJ+MVmSfjFZcAAAAAAQAAAAIAAADA1g5IjD1ZGLDVQEyCgCyn9hb.")])).toEqual([]);
    expect(await shown(["Nina", body("?OTR is what?")])).toEqual(["?OTR is what?"]);
  });
});

test("an agent who wrote encrypted messages while no copy was running is told by the next one", async () => {
  const { adapter, id, member, room, server } = await takenChat();
  await adapter.dispose?.();
  const from = `type="groupchat" from="${room}/Nina" id="e1"`;
  server.keep(
    room,
    `<message xmlns="jabber:client" ${from}>${body("x")}<encrypted xmlns="urn:xmpp:omemo:2"/></message>`,
  );
  const again = startCopy(server).adapter;
  await again.chat.history(id, undefined, by(member));
  await expect.poll(() => server.bodies(room).join("\n")).toContain("cannot read encrypted messages");
  expect(server.bodies(LOBBY).join()).not.toContain("encrypted");
});

test("open streams are told that a message was changed or removed", async () => {
  const { live } = await read([
    ["Nina", body("one"), "m1"],
    ["Nina", body("two") + replace("m1"), "m2"],
    ["Nina", retract("m1")],
  ]);
  const kinds = live.map((event) => (event.type === "message" ? event.message.text : event.type));
  expect(kinds.filter((kind) => kind !== "conversation")).toEqual([
    QUESTION,
    "one",
    "two",
    "message-removed",
    "the end",
  ]);
  const ids = live.flatMap((event) => (event.type === "message" ? [event.message.id] : []));
  expect(new Set(ids.slice(1, 3)).size).toBe(1);
});
