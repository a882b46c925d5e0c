import { describe, expect, test } from "vitest";
import { markupFromHtml } from "../../src/adapter/markup/html-to-markup.ts";
import { plainText } from "../../src/core/contract/plain-text.ts";
import { splitQuotedTail } from "../../src/core/contract/quoted-tail.ts";
import { parseMarkup } from "../../src/core/contract/markup.ts";

describe("an agent's HTML is converted to the subset", () => {
  test.each([
    ["paragraphs", "<p>One</p><p>Two<br>three</p>", "One\n\nTwo\nthree"],
    ["divisions, as mail programs use them", "<div>a</div><div>b</div><div><br></div><div>c</div>", "a\nb\n\nc"],
    ["white space", "  a\n\t b <b> d </b> e", "a b **d** e"],
    ["no-break spaces", "10&nbsp;000&nbsp;&nbsp;€<p>&nbsp;</p>x", "10\u00A0000\u00A0\u00A0€\n\nx"],
    ["runs of spaces in code", "<code>a  b</code> and  c", "`a  b` and c"],
    [
      "strong and emphasis",
      "<b>bold</b>, <i>soft</i> and <strong><em>both</em></strong>",
      "**bold**, *soft* and **_both_**",
    ],
    ["a mark within a word, which would be none", "un<b>believ</b>able", "unbelievable"],
    ["headings", "<h1>Steps</h1>First", "**Steps**\n\nFirst"],
    ["code", "Press <kbd>F5</kbd> or <code>x = 1</code>", "Press `F5` or `x = 1`"],
    [
      "preformatted text",
      "<p>So:</p><pre>\n a  b\n  <b>c</b> &lt;d&gt;\n</pre>After",
      "So:\n\n```\n a  b\n  c <d>\n```\n\nAfter",
    ],
    ["bullets", "Do<ul><li>one</li><li><p>two</p></li></ul>then", "Do\n\n- one\n- two\n\nthen"],
    ["numbers", "<ol><li>one<br>more<li>two</ol>", "1. one\n   more\n2. two"],
    ["numbers from where they begin", "<ol start=3><li>a<li>b</ol>", "3. a\n4. b"],
    ["a number of an item's own", "<ol><li>a<li value=7>b<li>c</ol>", "1. a\n7. b\n8. c"],
    ["numbers that count down", "<ol reversed><li>a<ul><li>x</ul><li>b<li>c</ol>", "3. a\n   - x\n2. b\n1. c"],
    [
      "letters and Roman numbers",
      "<ol type=a start=26><li>x<li>y</ol><ol type=I start=4><li>z</ol>",
      "z. x\naa. y\n\nIV. z",
    ],
    ["paragraphs of items", "<ol><li><p>a</p><p>b</p></li><li><p>c</p></li></ol>", "1. a\n\n   b\n2. c"],
    [
      "code in an item",
      "<ul><li>Run<pre>  ls\n\nx</pre></li><li>b</li></ul>",
      "- Run\n\n  ```\n    ls\n\n  x\n  ```\n- b",
    ],
    ["code of a language", '<pre><code class="language-js">a()</code></pre>', "```js\na()\n```"],
    ["code with a fence in it", "<pre>a\n```\nb</pre>", "````\na\n```\nb\n````"],
    ["code with a backquote", "<code>a`b</code> <code>`</code>", "``a`b`` `` ` ``"],
    [
      "marks in marks",
      "<b>bold <i>both</i> <a href='https://example.org/'>link</a></b>",
      "**bold _both_** [**link**](https://example.org/)",
    ],
    ["lists in lists", "<ul><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ul>", "- a\n  - b\n  - c\n- d"],
    ["a list in steps", "<ol><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ol>", "1. a\n   - b\n   - c\n2. d"],
    ["links", '<a href="https://example.org/a?b=1&amp;c=2">Here</a>', "[Here](https://example.org/a?b=1&c=2)"],
    ["a link that says where it goes", '<a href="https://example.org/">https://example.org</a>', "https://example.org"],
    ["a mail address", '<a href="mailto:ana@example.org">Ana</a>', "[Ana](mailto:ana@example.org)"],
    [
      "parentheses in an address",
      '<a href="https://example.org/a_(b)">x [y]</a>',
      "[x \\[y\\]](https://example.org/a_(b))",
    ],
    [
      "quotes",
      "<p>Yes.</p><blockquote>Is it <b>so</b>?<br><br>Ana</blockquote>No",
      "Yes.\n\n> Is it **so**?\n>\n> Ana\n\nNo",
    ],
    [
      "the tail of a mail",
      '<div dir="ltr">Done.</div><div class="gmail_quote"><div>On Monday Ana wrote:<br></div><blockquote>Help!</blockquote></div>',
      "Done.\n\n> On Monday Ana wrote:\n>\n> Help!",
    ],
    [
      "tables, row by row",
      "<table><tr><th>Item<th>Price<tr><td><p>Tea</p><td><p>3 €</p></table>End",
      "**Item** | **Price**\nTea | 3 €\n\nEnd",
    ],
    ["entities", "&lt;b&gt; &amp;amp; &copy; &#x1F40E; &#128014; &nosuch;", "<b> &amp; © 🐎 🐎 &nosuch;"],
    [
      "pictures that are not there, by their words",
      '<img src="https://t.example/p.gif"><img alt="Chart" src=x.png>',
      "Chart",
    ],
    ["nothing", "", ""],
  ])("%s", (_name, html, markup) => {
    expect(markupFromHtml(html)).toBe(markup);
  });

  test("pictures attached to the message", () => {
    const pictures = new Map([
      ["cid:part1@mail", "a1"],
      ["attachment:a2", "a2"],
    ]);
    const html = 'See <img src="cid:part1@mail" alt="A [chart]"> and <img src="attachment:a2"> not <img src="cid:x">.';
    expect(markupFromHtml(html, pictures)).toBe("See ![A \\[chart\\]](attachment:a1) and ![](attachment:a2) not .");
  });

  test("Word's and Outlook's wrappers are removed", () => {
    const html = `<html xmlns:o="urn:x"><head><style>p { color: red }</style><title>Doc</title></head><body>
      <!--[if gte mso 9]><xml><w:View>Print</w:View></xml><![endif]-->
      <p class="MsoNormal"><span style="font-size:11pt">Pozdravljeni,<o:p></o:p></span></p></body></html>`;
    expect(markupFromHtml(html)).toBe("Pozdravljeni,");
  });
});

describe("text that looks like markup stays text", () => {
  test.each([
    "> no quote",
    "- no item",
    "* no item",
    "1. no item",
    "12) no item",
    "``` no fence",
    "*no emphasis*",
    "**not strong**",
    "_no emphasis_",
    "`no code`",
    "[no link](https://example.org)",
    "a * b * c, file_name_here and 2*3*4",
  ])("%s", (text) => {
    const html = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    for (const around of [html, `<p>${html}</p>`, `<div><span></span>${html}</div>`]) {
      const blocks = parseMarkup(markupFromHtml(around));
      expect(blocks.map(({ type }) => type)).toEqual(["paragraph"]);
      const parts = blocks.flatMap((block) => (block.type === "paragraph" ? block.lines.flat() : []));
      expect(parts.filter(({ type, text: shown }) => type !== "text" && !shown.startsWith("https:"))).toEqual([]);
      expect(parts.map((part) => part.text).join("")).toBe(text);
    }
  });

  test("a link after an exclamation mark is not a picture", () => {
    const markup = markupFromHtml('Look!<a href="https://example.org/a">here</a>');
    expect(parseMarkup(markup)).toMatchObject([{ lines: [[{ text: "Look!" }, { type: "link", text: "here" }]] }]);
  });
});

describe("content that a mail program hides is not shown", () => {
  test.each([
    ["display", '<div style="color:#fff;display : none !important">Preview</div>Hello'],
    ["the attribute", "<div hidden>Preview</div>Hello"],
    ["the size of the letters", '<span style="font-size:0">Preview</span>Hello'],
    ["the size of the letters, in short", '<span style="font: 0/0 a">Preview</span>Hello'],
    ["visibility", '<span style="visibility:hidden">Preview</span>Hello'],
    ["Outlook's own", "<p style='mso-hide:all'>Preview</p>Hello"],
    ["opacity", '<div style="opacity:0.0">Preview</div>Hello'],
    ["no height", '<div style="max-height:0px;overflow:hidden">Preview</div>Hello'],
    ["a paragraph without an end", "<p hidden>Preview<p>Hello"],
    ["an item without an end", "<ul><li hidden>Preview<li>Hello</ul>"],
    ["an element that its parent ends", "<div><span hidden>Preview</div>Hello"],
    ["marks in it", "<div hidden><b>Preview</div>Hello"],
    ["a picture", '<img style="display:none" alt="Preview" src="x">Hello'],
    [
      "a preheader with the usual fillers",
      '<div style="display:none;font-size:1px;line-height:1px;max-height:0;opacity:0;overflow:hidden">Preview&#847;&zwnj;&nbsp;</div>Hello',
    ],
  ])("%s", (_name, html) => {
    expect(markupFromHtml(html).replace("- ", "")).toBe("Hello");
  });

  test.each([
    ["letters that have their own size", '<td style="font-size:0px"><div style="font-size:14px">Hello</div></td>'],
    ["words that are visible again", '<div style="visibility:hidden"><p style="visibility:visible">Hello</p></div>'],
    ["a line without height", '<p style="line-height:0;min-height:0">Hello</p>'],
    ["half of the opacity", '<p style="opacity:0.5">Hello</p>'],
    ["a scrolled division", '<div style="max-height:0.5em;overflow:hidden">Hello</div>'],
  ])("%s are shown", (_name, html) => {
    expect(markupFromHtml(html)).toBe("Hello");
  });
});

describe("the quoted original of an agent's mail can be folded", () => {
  test.each([
    [
      "Outlook",
      `<p>Answer</p><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal"><b>From:</b> Ana<br><b>Sent:</b> Monday<br><b>To:</b> Support<br><b>Subject:</b> x</p></div><p>Help</p>`,
    ],
    [
      "Outlook on the web",
      `<div>Answer</div><hr><div id="divRplyFwdMsg"><b>Von:</b> Ana<br><b>Gesendet:</b> Montag<br><b>An:</b> Support<br><b>Betreff:</b> x<div>&nbsp;</div></div><div>Hilfe</div>`,
    ],
    [
      "Gmail",
      `<div>Answer</div><div class="gmail_quote"><div class="gmail_attr">On Monday Ana wrote:</div><blockquote>Help</blockquote></div>`,
    ],
    [
      "Apple Mail",
      `Answer<br><div><blockquote type="cite"><div>On 23 Nov 2026, at 10:00, Ana wrote:</div><br><div>a<br>b<br>c</div></blockquote></div>`,
    ],
    [
      "Thunderbird",
      `<p>Answer</p><div class="moz-cite-prefix">Am 23.11.26 um 10:00 schrieb Ana:<br></div><blockquote type="cite">Hilfe</blockquote>`,
    ],
  ])("%s", (_name, html) => {
    const { words, tail } = splitQuotedTail(parseMarkup(markupFromHtml(html)));
    expect(plainText(words)).toBe("Answer");
    expect(tail).not.toEqual([]);
  });
});

describe("hostile HTML", () => {
  test.each([
    ["<script>alert(1)</script>a", "a"],
    ["<SCRIPT\n>alert(1)</ScRiPt >a", "a"],
    ["<script>never closed", ""],
    ["<scr<script>ipt>alert(1)</scr</script>ipt>", "ipt>alert(1)ipt>"],
    ["<img src=x onerror=alert(1)>a", "a"],
    ['<img alt="<script>alert(1)</script>">', "<script>alert(1)</script>"],
    ['<a href="javascript:alert(1)">a</a>', "a"],
    ['<a href="java\nscript:alert(1)">a</a>', "a"],
    ['<a href="&#106;avascript&colon;alert(1)">a</a>', "a"],
    ['<a href="data:text/html,<script>alert(1)</script>">a</a>', "a"],
    ['<a href="vbscript:x" href="https://example.org">a</a>', "a"],
    ['<a href="//example.org/x">a</a>', "a"],
    ['<a href="https://example.org/&quot;onclick=alert(1)//">a</a>', "[a](https://example.org/%22onclick=alert(1)//)"],
    ["<svg><script>alert(1)</script></svg>a", "a"],
    ["<iframe srcdoc='<b>x</b>'>inside</iframe>a", "a"],
    ["<!-- <b>comment</b> --!>a<!doctype html><?php x ?><![CDATA[b]]>", "a"],
    ["</div></p></b></li>a", "a"],
    ["<b><i>a</b></i> b", "**_a_** b"],
    ["<a href=https://example.org>open", "[open](https://example.org/)"],
    ["<", "<"],
    ["a < b > c <3", "a < b > c <3"],
    ["\u0000<b\u0000>x", "\u0000x"],
  ])("%s", (html, markup) => {
    expect(markupFromHtml(html)).toBe(markup);
  });

  // Quadratic work would need minutes for this, far beyond the time of a test.
  test.each([
    ["brackets", (size: number) => "<".repeat(size)],
    ["open elements", (size: number) => "<b>".repeat(size / 3)],
    ["nested quotes", (size: number) => `${"<blockquote>".repeat(size / 24)}x${"</blockquote>".repeat(size / 24)}`],
    ["elements closed in another order", (size: number) => `${"<b>".repeat(size / 8)}x${"</i>".repeat(size / 8)}`],
    ["nested lists", (size: number) => "<ul><li>a".repeat(size / 9)],
    ["nested divisions", (size: number) => `${"<div>".repeat(size / 11)}x${"</div>".repeat(size / 11)}`],
    ["stars", (size: number) => "*a ".repeat(size / 3)],
    ["marks", (size: number) => "_`*[".repeat(size / 4)],
    ["entities", (size: number) => "&lt".repeat(size / 3)],
    ["attributes", (size: number) => `<a ${"x=1 ".repeat(size / 4)}>`],
    ["comments", (size: number) => "<!--".repeat(size / 4)],
    ["breaks", (size: number) => "<br>".repeat(size / 4)],
    ["cells", (size: number) => "<td>a".repeat(size / 5)],
  ])("a megabyte of %s is read to its end", (_name, make) => {
    const html = make(1_000_000);
    const markup = markupFromHtml(html);
    expect(markup.length).toBeLessThanOrEqual(html.length * 2);
  });

  test("ten thousand elements deep, the text is found", () => {
    const html = `${"<div><b><blockquote>".repeat(10_000)}deep${"</blockquote></b></div>".repeat(10_000)}after`;
    expect(markupFromHtml(html)).toBe("> **deep**\n\nafter");
  });
});
