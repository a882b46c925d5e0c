import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { markupFromHtml } from "../../src/adapter/markup/html-to-markup.ts";
import { writeLine, type Piece } from "../../src/adapter/markup/line.ts";
import { markupFromText } from "../../src/adapter/markup/text-to-markup.ts";
import { parseMarkup } from "../../src/core/contract/markup.ts";
import { parseWords } from "../../src/core/contract/plain-words.ts";
import { plainText } from "../../src/core/contract/plain-text.ts";

/** Rich in characters with a meaning in the subset. */
const sign = fc.constantFrom(
  ...Array.from("\\\\**__``[]()!>-.:#1 2 a b č漢🙂\u00A0~\"'<&/|"),
  "](",
  "```",
  "https://e.example/a_(b)",
  "http://",
  "24. ",
);
const line = fc.array(sign, { maxLength: 24 }).map((parts) => parts.join(""));
/** Empty lines at the edges and repeated ones are no content. */
const words = (text: string) =>
  text
    .replaceAll(/\n\s*\n/g, "\n\n")
    .replaceAll(/^\s*\n|\n\s*$/g, "")
    .replaceAll(/^\s*$/g, "");
const quoted = (text: string) => text.split("\n").some((each) => each.startsWith(">"));
const html = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const runs = { numRuns: 1500 };

describe("text is read as it was written", () => {
  test("of any plain text of an agent", () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), (lines) => {
        const text = lines.join("\n");
        fc.pre(!quoted(text));
        expect(words(plainText(parseMarkup(markupFromText(text))))).toBe(words(text));
      }),
      runs,
    );
  });

  test("of any text of a member", () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), (lines) => {
        const text = lines.join("\n");
        fc.pre(!quoted(text));
        expect(words(plainText(parseWords(text)))).toBe(words(text));
      }),
      runs,
    );
  });

  test("of any line of runs with different formats", () => {
    const piece: fc.Arbitrary<Piece> = fc.record(
      {
        text: line,
        strong: fc.boolean(),
        emphasis: fc.boolean(),
        code: fc.boolean(),
        href: fc.constantFrom(
          "https://e.example/",
          "https://e.example/a_(b",
          "https://e.example/a)*b*_c_",
          "mailto:a@e.example",
        ),
      },
      { requiredKeys: ["text"] },
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), (pieces) => {
        const shown = pieces.map(({ text }) => text).join("");
        const read = plainText(parseMarkup(writeLine(pieces)));
        const spaces = (text: string) => text.replaceAll(/ +/g, " ").trim();
        expect(spaces(read)).toBe(spaces(shown));
      }),
      runs,
    );
  });

  test("of any paragraphs, items and quotes in HTML", () => {
    const block = fc.constantFrom("p", "li", "blockquote", "b", "code", "h2");
    fc.assert(
      fc.property(fc.array(fc.tuple(block, line), { minLength: 1, maxLength: 5 }), (blocks) => {
        const source = blocks.map(([name, text]) =>
          name === "li" ? `<ul><li>${html(text)}</li></ul>` : `<${name}>${html(text)}</${name}>`,
        );
        const squeezed = (text: string) => text.replaceAll(/[>\s-]+/g, "");
        const read = plainText(parseMarkup(markupFromHtml(source.join("\n"))));
        expect(squeezed(read)).toBe(squeezed(blocks.map(([, text]) => text).join("")));
      }),
      runs,
    );
  });

  test("a look-alike is never written", () => {
    fc.assert(
      fc.property(line, (text) => {
        expect(markupFromHtml(`<p>${html(text)}</p><pre>${html(text)}</pre>`)).not.toMatch(
          /[\u2217\u02CD\u02CB\u2060]/u,
        );
      }),
      runs,
    );
  });
});
