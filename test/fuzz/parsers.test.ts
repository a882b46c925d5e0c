import { array, assert, constantFrom, integer, oneof, property, string, type Arbitrary } from "fast-check";
import { describe, expect, test } from "vitest";
import { readStreamPlace } from "../../src/adapters/redmine/cursor.ts";
import { markupOf } from "../../src/adapters/redmine/markup.ts";
import { createEventReader } from "../../src/adapters/rest/event-stream.ts";
import { markupFromHtml } from "../../src/adapters/shared/html-to-markup.ts";
import { markupFromText } from "../../src/adapters/shared/text-to-markup.ts";
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

// Whatever somebody wrote is read: no parser throws, but for the AdapterError that its contract names.

/** Pieces of a grammar, in any order, with anything between them. */
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
  ["a cursor of Redmine's", cursor, (text) => unlessRefused(() => readStreamPlace(text))],
  ["the id of a chat's file", cursor, (text) => unlessRefused(() => fileIds.unseal(text, "ana"))],
];

const fileIds = createFileIds(
  "https://upload.example.org",
  createSignatures(["the key of these tests, of 32 bytes and more"]),
);

function unlessRefused(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!isAdapterError(error)) throw error;
  }
}

describe.each(parsers)("%s", (_name, texts, parse) => {
  test(`is read whatever it is, ${runs} times`, { timeout: 20_000 + runs * 5 }, () => {
    assert(
      property(texts, (text) => void parse(text)),
      { numRuns: runs },
    );
  });

  test("is read in time that grows with its length alone", { timeout: 60_000 }, () => {
    // A parser whose time grows with the square needs hours for these.
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
