import {
  assert,
  constantFrom,
  dictionary,
  letrec,
  oneof,
  property,
  string,
  tuple,
  array,
  type Arbitrary,
} from "fast-check";
import { expect, test } from "vitest";
import { archivedEntry, liveEntry } from "../../src/adapters/xmpp/entry.ts";
import { built, xml, type Xml } from "../../src/adapters/xmpp/xml.ts";
import { runs } from "./runs.ts";

// Any stanza that an agent's client or a server sends into a room is parsed as an entry or ignored.

const names = constantFrom(
  "message",
  "body",
  "subject",
  "forwarded",
  "delay",
  "result",
  "stanza-id",
  "origin-id",
  "x",
  "item",
  "url",
  "podpora",

  "replace",
  "retract",
  "apply-to",
  "moderated",
  "fallback",
  "reactions",
  "reaction",
  "reply",
  "encrypted",
  "encryption",
  "composing",
  "displayed",
);
const namespaces = constantFrom(
  "jabber:client",
  "urn:xmpp:forward:0",
  "urn:xmpp:delay",
  "urn:xmpp:sid:0",
  "jabber:x:oob",
  "urn:podpora:chat:1",

  "urn:xmpp:message-correct:0",
  "urn:xmpp:message-retract:1",
  "urn:xmpp:fallback:0",
  "urn:xmpp:reactions:0",
  "urn:xmpp:reply:0",
  "urn:xmpp:omemo:2",
  "urn:xmpp:eme:0",
  "http://jabber.org/protocol/muc#user",
  "",
);
const text = oneof(
  string({ unit: "binary", maxLength: 12 }),
  constantFrom(
    "{",
    "[1]",
    '{"type":"said","text":"x"}',
    "2026-13-45T99:99:99Z",
    "-1",
    "1e9",
    "%E0%A4%A",
    "https://upload.example.org/100%",
    "groupchat",
    "room@rooms.example.org/Nina",
  ),
);
const attributes = dictionary(
  constantFrom("id", "from", "type", "stamp", "start", "end", "by", "jid", "mac", "at", "for"),
  text,
);

const { element } = letrec<{ readonly element: Xml }>((tie) => ({
  element: tuple(
    names,
    namespaces,
    attributes,
    array(oneof({ maxDepth: 4 }, text as Arbitrary<Xml | string>, tie("element")), { maxLength: 5 }),
  ).map(([name, xmlns, given, children]) => xml(name, { ...given, xmlns }, ...children)),
}));

test(`any stanza is parsed, ${runs} times`, { timeout: 60_000 + runs * 10 }, () => {
  assert(
    property(element, array(element, { maxLength: 4 }), text, ({ children }, more, body) => {
      const message = xml(
        "message",
        { type: "groupchat", from: "room@rooms.example.org/Nina", id: "1" },
        xml("stanza-id", { xmlns: "urn:xmpp:sid:0", by: "room@rooms.example.org", id: "7" }),
        xml("body", {}, body),
        ...more,
        ...children,
      );
      const live = liveEntry(built(message), "room@rooms.example.org");
      expect([undefined, "string"]).toContain(live && typeof live.body);
      const result = xml(
        "result",
        { id: "7" },
        xml("forwarded", { xmlns: "urn:xmpp:forward:0" }, message, ...children),
      );
      archivedEntry(built(result), "room@rooms.example.org");
      archivedEntry(built(xml("result", {}, ...children)));
    }),
    { numRuns: runs },
  );
});
