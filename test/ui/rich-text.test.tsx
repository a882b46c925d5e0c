import { expect, test } from "vitest";
import { RichText } from "../../src/ui/parts/RichText.tsx";
import { renderInShadow } from "../support/renderInShadow.tsx";

const draw = (text: string) => renderInShadow(<RichText text={text} />).container;

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
])("%s is shown letter for letter, as text", (text) => {
  const container = draw(text);
  expect(container.textContent).toBe(text);
  const allowed = new Set(["DIV", "P"]);
  expect([...container.querySelectorAll("*")].filter(({ tagName }) => !allowed.has(tagName))).toEqual([]);
});

test("HTML inside of emphasis, lists, quotes and code stays text there too", () => {
  const html = "<img src=x onerror=alert(1)>";
  const container = draw(`**${html}**\n\n- ${html}\n\n> ${html}\n\n\`${html}\`\n\n\`\`\`\n${html}\n\`\`\``);
  expect(container.querySelectorAll("img")).toHaveLength(0);
  expect(["strong", "li", "blockquote", "code", "pre"].map((tag) => container.querySelector(tag)?.textContent)).toEqual(
    Array.from({ length: 5 }, () => html),
  );
});

test("a link is one, opens apart, and tells the other page nothing", () => {
  const { getByRole } = renderInShadow(<RichText text="Glejte [navodila](https://example.org/a?b=1&c=2)." />);
  const link = getByRole("link", { name: "navodila" });
  expect(link.getAttribute("href")).toBe("https://example.org/a?b=1&c=2");
  expect(link.getAttribute("target")).toBe("_blank");
  expect(link.getAttribute("rel")?.split(" ")).toEqual(expect.arrayContaining(["noopener", "noreferrer"]));
});

test("lines, lists and quotes look like ones", () => {
  const container = draw("prva\ndruga\n\n1. ena\n2. dve\n\n> rekli so\n> tako");
  expect(container.querySelectorAll("p br")).toHaveLength(1);
  expect([...container.querySelectorAll("ol li")].map((item) => item.textContent)).toEqual(["ena", "dve"]);
  expect(container.querySelector("blockquote")?.textContent).toBe("rekli sotako");
});
