import {
  array,
  assert,
  asyncProperty,
  constantFrom,
  integer,
  letrec,
  oneof,
  property,
  record,
  string,
  type Arbitrary,
} from "fast-check";
import { describe, expect, test } from "vitest";
import { readStreamPlace as readMailPlace } from "../../src/adapters/mailbox/cursor.ts";
import { receivedEntry, sentEntry } from "../../src/adapters/mailbox/entry.ts";
import { partsOf, textOf } from "../../src/adapters/mailbox/parts.ts";
import { createSeal } from "../../src/adapters/mailbox/seal.ts";
import { readCursor } from "../../src/adapters/redmine/changes.ts";
import { markupOf } from "../../src/adapters/redmine/bodies.ts";
import { createEventReader } from "../../src/adapters/rest/event-stream.ts";
import { markupFromHtml } from "../../src/adapter/markup/html-to-markup.ts";
import { markupFromText } from "../../src/adapter/markup/text-to-markup.ts";
import { commandOf } from "../../src/adapters/xmpp/commands.ts";
import { createFileIds } from "../../src/adapters/xmpp/file-ids.ts";
import { createSignatures } from "../../src/adapters/xmpp/signature.ts";
import { isAdapterError } from "../../src/core/contract/errors.ts";
import { cleanFileName } from "../../src/core/contract/file-name.ts";
import { parseMarkup } from "../../src/core/contract/markup.ts";
import { plainText, spokenText } from "../../src/core/contract/plain-text.ts";
import { parseWords } from "../../src/core/contract/plain-words.ts";
import { splitQuotedTail } from "../../src/core/contract/quoted-tail.ts";
import { countedAddress } from "../../src/gateway/client-address.ts";
import { runs } from "./runs.ts";

// Parsers accept any input; none throws anything but the AdapterError in its contract.

/** Fragments of a grammar in any order, mixed with arbitrary text. */
function soup(...pieces: readonly string[]): Arbitrary<string> {
  const piece = oneof(
    { weight: 6, arbitrary: constantFrom(...pieces) },
    { weight: 2, arbitrary: string({ maxLength: 6, unit: "grapheme" }) },
    { weight: 1, arbitrary: string({ maxLength: 3, unit: "binary" }) },
  );
  return array(piece, { maxLength: 40 }).map((all) => all.join(""));
}

const markup = soup(
  "*",
  "**",
  "_",
  "`",
  "```",
  "\n",
  "\n\n",
  "> ",
  "- ",
  "1. ",
  "[",
  "](",
  ")",
  "![",
  "\\",
  "https://a.b/",
  " ",
  "a",
  "attachment:",
);
const html = soup(
  "<p>",
  "</p>",
  "<b>",
  "<ul>",
  "<li>",
  "</ul>",
  "<ol start=",
  "<pre>",
  "<blockquote>",
  '<a href="',
  '">',
  "<!--",
  "-->",
  "<style>",
  '<div style="display:none">',
  "&amp;",
  "&#x",
  ";",
  "<img src=cid:",
  "<table><tr><td>",
  "<",
  ">",
  "\n",
  " text ",
);
const textile = soup(
  "*",
  "_",
  "@",
  '"',
  ":",
  "http://a.b",
  "!",
  "h1. ",
  "bq. ",
  "* ",
  "# ",
  "|",
  "<pre>",
  "</pre>",
  "{{",
  "}}",
  "[[",
  "]]",
  "\n",
  "a ",
);
const stream = soup(
  "data:",
  "event:",
  "id:",
  "retry:",
  "\n",
  "\r",
  "\r\n",
  ": beat",
  '{"type":"message"}',
  "\u0000",
  "\uFEFF",
);
const cursor = soup("1", "-", ".", ",", "{", "}", "[", "]", '"', "eyJ", "=", "_", "AAAA");
const command = soup("!take", "!end", "!", " ", "\t", "\n", "a1", "@", "queue", "help");
const address = soup("1", ".", ":", "[", "]", "::", "ffff", "%eth0", "192.0.2.1", "2001:db8::", "/64", ",");
const token = seal().token("0123456789");
const mailHeaders = soup(
  "To: ",
  "From: ",
  "Subject: ",
  "References: ",
  "X-Podpora-Record: ",
  "Content-Type: multipart/report; ",
  "Return-Path: <>",
  "=?utf-8?Q?",
  "=?iso-2022-jp?B?",
  "?=",
  "<",
  ">",
  "@",
  "\r\n",
  "\r\n ",
  '"',
  "[#0123456789-",
  "]",
  "support+",
  token,
  token.slice(10),
);
const name = soup("..", "/", "\\", "\u0000", "\u202E", "a", ".exe", "CON", " ", "%2e", "č");

const blocksOf = (text: string) => parseMarkup(text);

const parsers: readonly (readonly [string, Arbitrary<string>, (text: string) => unknown])[] = [
  [
    "the markup of messages",
    markup,
    (text) => spokenText(splitQuotedTail(blocksOf(text)).words) + plainText(blocksOf(text)),
  ],
  ["a member's words", markup, parseWords],
  ["an agent's plain text", markup, (text) => parseMarkup(markupFromText(text))],
  ["HTML of mails and desks", html, (text) => parseMarkup(markupFromHtml(text))],
  ["Redmine's Textile", textile, (text) => parseMarkup(markupOf(text, "textile", new Map()))],
  ["Redmine's Markdown", markup, (text) => parseMarkup(markupOf(text, "markdown", new Map()))],
  ["an event stream", stream, (text) => createEventReader()(text)],
  ["an agent's command", command, commandOf],
  ["the address of a client", address, countedAddress],
  ["the name of a file", name, (text) => expect(cleanFileName(cleanFileName(text))).toBe(cleanFileName(text))],
  [
    "the headers of a mail",
    mailHeaders,
    (text) => [receivedEntry(mail(text), seal(), states), sentEntry(mail(text), seal())],
  ],
  ["what a seal hides", mailHeaders, (text) => expect(seal().hide(text, token.slice(0, 10))).not.toContain(token)],
  ["a cursor of a mailbox's", cursor, (text) => unlessRefused(() => readMailPlace(text, places))],
  ["a cursor of Redmine's", cursor, (text) => unlessRefused(() => readCursor(text))],
  ["the id of a chat's file", cursor, (text) => unlessRefused(() => fileIds.unseal(text, "ana"))],
];

const fileIds = createFileIds(
  "https://upload.example.org",
  createSignatures(["the key of these tests, of 32 bytes and more"]),
);

const places = [{ folder: "INBOX", validity: "1", uid: 1 }];
const states = { header: "X-Podpora-Status", open: ["open"], awaiting: [], resolved: ["resolved"] };

function seal() {
  return createSeal(["the secret of these tests, of 32 bytes and more"]);
}

function mail(text: string) {
  return { headers: Buffer.from(text, "latin1"), internalDate: new Date(0), size: text.length };
}

function unlessRefused(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!isAdapterError(error)) throw error;
  }
}

describe.each(parsers)("%s", (_name, texts, parse) => {
  test(`parses any input, ${runs} times`, { timeout: 20_000 + runs * 5 }, () => {
    assert(
      property(texts, (text) => void parse(text)),
      { numRuns: runs },
    );
  });

  test("parses in linear time", { timeout: 60_000 }, () => {
    // A parser with quadratic time would need hours for these.
    const repeated = [texts, string({ unit: "binary", maxLength: 4 })];
    assert(
      property(oneof(...repeated), integer({ min: 50_000, max: 100_000 }), (text, length) => {
        const long = text === "" ? "a" : text;
        void parse(long.repeat(Math.ceil(length / long.length)).slice(0, length));
      }),
      { numRuns: 20 },
    );
  });
});

test("the text of an e-mail is decoded, whatever encoding it claims", { timeout: 20_000 + runs * 5 }, async () => {
  const type = constantFrom("text/plain", "text/html");
  const encoding = oneof(constantFrom("base64", "quoted-printable", "8bit", "x-uuencode", ""), string());
  const charset = oneof(constantFrom("utf-8", "utf-7", "iso-2022-jp", "gb18030", "cp437", "x-none", ""), string());
  const parameters = record({ charset, format: constantFrom("flowed", ""), delsp: constantFrom("yes", "") });
  const part = record({ type, encoding, parameters }).map((given) => ({
    ...given,
    number: "1",
    name: "file",
    size: 1,
    cid: undefined,
  }));
  await assert(
    asyncProperty(part, string({ unit: "binary" }), async (given, content) => {
      expect(typeof (await textOf(given, Buffer.from(content)))).toBe("string");
    }),
    { numRuns: Math.min(runs, 2000) },
  );
});

test("any structure of an e-mail is parsed", () => {
  const { node } = letrec((tie) => ({
    node: record(
      {
        type: constantFrom(
          "text/plain",
          "text/html",
          "multipart/alternative",
          "multipart/mixed",
          "message/rfc822",
          "/",
          "",
        ),
        part: constantFrom("1", "1.1", "2"),
        size: integer({ min: 0, max: 10 }),
        disposition: constantFrom("attachment", "inline"),
        childNodes: array(tie("node"), { maxLength: 3 }),
      },
      { requiredKeys: ["type"] },
    ),
  }));
  assert(
    property(node, (given) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a server may send
      const { words, files } = partsOf(given as Parameters<typeof partsOf>[0]);
      expect(words.length + files.length).toBeLessThanOrEqual(120);
    }),
  );
});
