import { describe, expect, test } from "vitest";
import { parseMarkup } from "../../../src/core/contract/markup.ts";

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

  test.each(["*", "[", "`", "> ", "- ", "**a", "_", "http://", "[a](", "```\n"])(
    "of many times %j takes time that grows with its length alone",
    (piece) => {
      const time = (length: number) => {
        const text = piece.repeat(length);
        const start = performance.now();
        parseMarkup(text);
        return performance.now() - start;
      };
      time(2_000);
      // Eight times the text: linear is 8, quadratic is 64. The floor keeps a timer's grain out of the ratio.
      expect(time(32_000) / Math.max(time(4_000), 2)).toBeLessThan(32);
    },
  );
});
