import { expect, test } from "vitest";
import { RichText } from "../../src/ui/parts/RichText.tsx";
import { renderInShadow } from "../support/renderInShadow.tsx";

const draw = (text: string) => renderInShadow(<RichText text={text} />).container;
const drawWords = (text: string) => renderInShadow(<RichText text={text} by="member" />).container;

test.each([
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<svg onload=alert(1)>",
  '<iframe src="javascript:alert(1)"></iframe>',
  "<a href='javascript:alert(1)'>here</a>",
  "[here](javascript:alert(1))",
  "[here](JaVaScRiPt:alert%281%29)",
  "[here](data:text/html,<script>alert(1)</script>)",
  "[here](vbscript:x)",
  "<b>**bold</b>",
  "&lt;script&gt; &amp; &quot;",
])("%s is shown as plain text", (text) => {
  const container = draw(text);
  expect(container.textContent).toBe(text);
  const allowed = new Set(["DIV", "P"]);
  expect([...container.querySelectorAll("*")].filter(({ tagName }) => !allowed.has(tagName))).toEqual([]);
});

test("HTML inside emphasis, lists, quotes and code is shown as plain text too", () => {
  const html = "<img src=x onerror=alert(1)>";
  const container = draw(`**${html}**\n\n- ${html}\n\n> ${html}\n\n\`${html}\`\n\n\`\`\`\n${html}\n\`\`\``);
  expect(container.querySelectorAll("img")).toHaveLength(0);
  expect(["strong", "li", "blockquote", "code", "pre"].map((tag) => container.querySelector(tag)?.textContent)).toEqual(
    Array.from({ length: 5 }, () => html),
  );
});

test("a link opens in a new tab without opener or referrer", () => {
  const { getByRole } = renderInShadow(<RichText text="Glejte [navodila](https://example.org/a?b=1&c=2)." />);
  const link = getByRole("link", { name: "navodila" });
  expect(link.getAttribute("href")).toBe("https://example.org/a?b=1&c=2");
  expect(link.getAttribute("target")).toBe("_blank");
  expect(link.getAttribute("rel")?.split(" ")).toEqual(expect.arrayContaining(["noopener", "noreferrer"]));
});

test("line breaks, lists and quotes are rendered", () => {
  const container = draw("prva\ndruga\n\n1. ena\n2. dve\n\n> rekli so\n> tako");
  expect(container.querySelectorAll("p br")).toHaveLength(1);
  expect([...container.querySelectorAll("ol li")].map((item) => item.textContent)).toEqual(["ena", "dve"]);
  expect(container.querySelector("blockquote")?.textContent).toBe("rekli sotako");
});

test.each([
  "C:\\*.log and *.tmp",
  "\\\\server\\share",
  "*Hg7x*",
  "24. 12. 2026",
  "- one",
  "> 5 is too much",
  "![a](attachment:1)",
  "`ls`",
])("a member's %s is shown as it was typed", (text) => expect(drawWords(text).textContent).toBe(text));

test("an address in a member's message is a link, and quoted mail is a quotation", () => {
  const container = drawWords("Glejte https://example.org/a_(b).\n\n> prej\n> še");
  expect(container.querySelector("a")?.getAttribute("href")).toBe("https://example.org/a_(b)");
  expect(container.querySelector("blockquote")?.textContent).toBe("prejše");
});

test("a list keeps the numbers that were written", () => {
  const list = draw("3. tri\n4. štiri").querySelector("ol");
  expect(list?.getAttribute("start")).toBe("3");
  expect(Array.from(list?.querySelectorAll("li") ?? [], (item) => item.value)).toEqual([3, 4]);
  expect(draw("24. 12. 2026 bo zaprto").textContent).toBe("24. 12. 2026 bo zaprto");
});

test("each paragraph, item and quotation has its own direction, and code is left to right", () => {
  const container = draw("Hello\n\nمرحبا\n\n- Restart\n\n> quote `x`\n\n```\nx\n```");
  const directions = Array.from(container.querySelectorAll("p, li, blockquote, pre, code"), (each) =>
    each.getAttribute("dir"),
  );
  expect(directions).toEqual(["auto", "auto", "auto", "auto", "ltr", "ltr"]);
  expect(container.querySelector(".rich")?.hasAttribute("dir")).toBe(false);
});

test("a code block shows its language, which is not copied with it", () => {
  const code = draw("```js\na()\n```").querySelector("pre");
  expect(code?.textContent).toBe("a()");
  expect(code?.dataset["language"]).toBe("js");
});
