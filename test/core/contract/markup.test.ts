import { describe, expect, test } from "vitest";
import { parseMarkup } from "../../../src/core/contract/markup.ts";
import { plainText, spokenText } from "../../../src/core/contract/plain-text.ts";

const inline = (text: string) => {
  const [block] = parseMarkup(text);
  return block?.type === "paragraph" ? block.lines[0] : undefined;
};

describe("a message body", () => {
  test("is paragraphs, lines, lists, quotes and code", () => {
    const text = "Pozdravljeni,\nlepo.\n\n- ena\n- dve\n\n1. prvič\n2. drugič\n> rekli ste\n```\nnpm <b>\n```";
    expect(parseMarkup(text).map((block) => block.type)).toEqual(["paragraph", "list", "list", "quote", "code"]);
    expect(parseMarkup(text).at(-1)).toEqual({ type: "code", text: "npm <b>" });
  });

  test("has strong, emphasis, code and links", () => {
    expect(inline("**a** *b* `c` [d](https://example.org/)")).toMatchObject([
      { type: "strong", text: "a" },
      { type: "text" },
      { type: "emphasis", text: "b" },
      { type: "text" },
      { type: "code", text: "c" },
      { type: "text" },
      { type: "link", text: "d", href: "https://example.org/" },
    ]);
  });

  test("an address is a link up to its 2,000th character, wherever it stands", () => {
    const address = `https://example.org/${"a".repeat(1980)}`;
    for (const before of ["", "word ".repeat(500)]) {
      const link = inline(`${before}${address}aa`)?.find(({ type }) => type === "link");
      expect(link).toMatchObject({ text: address, href: address });
    }
  });

  test.each(["2*3*4", "ime_datoteke_tu", "a ** b ** c", "**", "`", "[a](", "<script>alert(1)</script>", "5 > 3"])(
    "leaves %s as it is",
    (text) => expect(inline(text)).toEqual([{ type: "text", text }]),
  );

  test("links an address, without the full stop behind it", () => {
    expect(inline("Glej https://example.org/a.")).toEqual([
      { type: "text", text: "Glej " },
      { type: "link", text: "https://example.org/a", href: "https://example.org/a" },
      { type: "text", text: "." },
    ]);
  });

  test.each(["javascript:alert(1)", "data:text/html,x", "vbscript:x", "JaVaScRiPt:alert(1)", "/relative", " https:x"])(
    "makes no link to %s",
    (target) => expect(JSON.stringify(parseMarkup(`[x](${target})`))).not.toContain("href"),
  );

  test("loses nothing of what was written", () => {
    const text = "🙂 שלום *x* https://a.example/?q=1&b=2 [l](https://b.example) konec";
    const words = inline(text)
      ?.map((part) => part.text)
      .join("");
    expect(words).toBe("🙂 שלום x https://a.example/?q=1&b=2 l konec");
  });

  describe("numbers of a list", () => {
    const lists = (text: string) =>
      parseMarkup(text).map((block) =>
        block.type === "list" && block.ordered ? block.items.map(({ number }) => number) : block.type,
      );
    test.each([
      ["24. 12. 2026 bo zaprto", ["paragraph"]],
      ["15. Mai ist Feiertag", ["paragraph"]],
      ["3. Restart the router", ["paragraph"]],
      ["1. maj je praznik", ["paragraph"]],
      ["2026. A year", ["paragraph"]],
      ["3. three\n4. four", [[3, 4]]],
      ["1. one\n\n2. two\n\n3. three", [[1, 2, 3]]],
      ["1) a\n3) c", [[1, 3]]],
      ["3. a\n2. b\n1. c", [[3, 2, 1]]],
      ["1. a\n```\nls\n```\n2. b", ["paragraph", "code", "paragraph"]],
    ])("%j are the numbers that were written", (text, expected) => {
      expect(lists(text)).toEqual(expected);
      expect(plainText(parseMarkup(text)).replaceAll("\n\n", "\n")).toContain(text.split("\n")[0]);
    });
  });

  test("has lists, code and paragraphs in an item", () => {
    const text = "1. a\n   - b\n     - c\n\n   more\n   ```\n     x\n   ```\n2. d";
    expect(parseMarkup(text)).toMatchObject([
      {
        items: [
          {
            number: 1,
            blocks: [
              { type: "paragraph" },
              { type: "list", items: [{ blocks: [{ type: "paragraph" }, { type: "list" }] }] },
              { type: "paragraph" },
              { type: "code", text: "  x" },
            ],
          },
          { number: 2 },
        ],
      },
    ]);
  });

  test.each([
    ["```sudo reboot```\nThen tell us.", "sudo reboot\nThen tell us."],
    ["text ```a``` b", "text a b"],
    ["```\nnot closed\n**b**", "```\nnot closed\nb"],
    ["```sudo reboot\nls\n```", "sudo reboot\nls"],
    ["````\n```\n````", "```"],
    ["```\na\n```x\nb\n```", "a\n```x\nb"],
    ["`a  b`", "a  b"],
    ["`` a`b ``", "a`b"],
    ["\\*a\\* \\_b\\_ \\`c\\` \\[d](e)", "*a* _b_ `c` [d](e)"],
    ["\\\\server\\share C:\\temp", "\\\\server\\share C:\\temp"],
    ["C:\\\\\\*.log", "C:\\*.log"],
    ["\\- a\n\\> b\n1\\. c\n2\\) d", "- a\n> b\n1. c\n2) d"],
  ])("reads %j as %j", (text, words) => expect(plainText(parseMarkup(text))).toBe(words));

  test("keeps the language of a code block", () => {
    expect(parseMarkup("```js\na()\n```")).toEqual([{ type: "code", text: "a()", language: "js" }]);
  });

  test.each([
    [
      "https://sl.wikipedia.org/wiki/Ljubljana_(disambiguation)",
      "https://sl.wikipedia.org/wiki/Ljubljana_(disambiguation)",
    ],
    ["(see https://example.org/a)", "https://example.org/a"],
    ["https://example.org/it's", "https://example.org/it's"],
    ["https://example.org/?a[]=1&b", "https://example.org/?a[]=1&b"],
    ["»https://example.org/a«, da", "https://example.org/a"],
    ["**https://example.org/a**", "https://example.org/a"],
    ["**[guide](https://example.org/a)**", "https://example.org/a"],
    ["[guide](https://example.org/a_(b))", "https://example.org/a_(b)"],
    ["[**bold** guide](https://example.org/a)", "https://example.org/a"],
    ["[a [b] c](https://example.org/a)", "https://example.org/a"],
  ])("the link in %j ends where it should", (text, href) => {
    const links = JSON.stringify(parseMarkup(text)).match(/"href":"[^"]*"/g);
    expect(links).toEqual([`"href":${JSON.stringify(href)}`]);
  });

  test("has marks in marks", () => {
    expect(inline("**a *b* [c](https://c.example/)** ***d***")).toMatchObject([
      { type: "strong", text: "a b c", parts: [{ text: "a " }, { type: "emphasis" }, { text: " " }, { type: "link" }] },
      { type: "text" },
      { type: "emphasis", parts: [{ type: "strong", text: "d" }] },
    ]);
  });

  test("is read out without its markup", () => {
    const text = "**Done**, see ![shot](attachment:17) and [guide](https://example.org/x)\n- one\n> old\n\n1. a\n2. b";
    expect(spokenText(parseMarkup(text))).toBe("Done, see shot and guide one old 1. a 2. b");
  });

  const hard = [
    "*",
    "[",
    "`",
    "> ",
    "- ",
    "**a",
    "_",
    "http://",
    "[a](",
    "```\n",
    "*a ",
    "a* ",
    "*_",
    "](",
    "![",
    "[](x)",
    "\\",
    "1. a\n",
    "5. a\n\n",
    "  - a\n",
    "(",
    "`a``",
    "a**b* ",
  ];
  // A parser whose work grew with the square of the length would need minutes for this, far beyond the time of a test.
  test.each(hard)("of very many times %j is read to its end", (piece) => {
    const text = piece.repeat(100_000);
    expect(plainText(parseMarkup(text)).length).toBeLessThanOrEqual(text.length);
  });
});
