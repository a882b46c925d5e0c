import { describe, expect, test } from "vitest";
import { markupOf } from "../../src/adapters/redmine/bodies.ts";
import { parseMarkup } from "../../src/core/contract/markup.ts";

const files = new Map([["shot.png", "12-7"]]);

describe("an agent's Textile", () => {
  test.each([
    ["*strong* and _slanted_", "**strong** and *slanted*"],
    ["h2. Steps", "**Steps**"],
    ["* one\n* two", "- one\n- two"],
    ["# one\n# two", "1. one\n2. two"],
    ["# one\n## a\n## b\n# two\n\n# new", "1. one\n   1. a\n   2. b\n2. two\n\n1. new"],
    ["* one\n*# a\n* two", "- one\n  1. a\n- two"],
    ["C:\\*.log and 1. no item", "C:\\\\\\*.log and 1. no item"],
    ["24. 12. is no list", "24\\. 12. is no list"],
    ['*bold "link":https://example.org/a_(b)*', "**bold** [**link**](https://example.org/a_(b))"],
    ["bq. You wrote", "> You wrote"],
    ["Run @npm test@ now", "Run `npm test` now"],
    ['See "the page":https://example.org/a?b=1.', "See [the page](https://example.org/a?b=1)."],
    ["!shot.png! here", "![shot.png](attachment:12-7) here"],
    ["!https://evil.example/x.png!", "!https://evil.example/x.png!"],
    ['<pre><code class="ruby">a *b*</code></pre>', "```\na *b*\n```"],
    ["2*3*4 and a@b.example", "2*3*4 and a@b.example"],
  ])("%j becomes %j", (textile, markup) => {
    expect(markupOf(textile, "textile", files)).toBe(markup);
  });

  test("of any length is converted completely", () => {
    for (const part of ["*", "@", '"', "!", "<pre>", '"a":', "* ", "_*@"]) {
      parseMarkup(markupOf(part.repeat(100_000 / part.length), "textile", files));
    }
  });
});

test("an agent's Markdown is unchanged, with its pictures as files of the message", () => {
  expect(markupOf("**a**\r\n\r\n![](shot.png) ![x](https://evil.example/x.png)", "markdown", files)).toBe(
    "**a**\n\n![shot.png](attachment:12-7) ![x](https://evil.example/x.png)",
  );
});
