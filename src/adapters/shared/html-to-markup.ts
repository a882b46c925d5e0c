import { readHtml } from "./html-tokens.ts";
import type { Piece } from "./markup-line.ts";
import { createMarkupWriter, type MarkupWriter } from "./markup-writer.ts";

type Attributes = ReadonlyMap<string, string>;

/** Elements that nothing is shown of. The tokenizer takes what is in most of them for one text. */
const hidden = new Set(["script", "style", "title", "template", "iframe", "noembed", "noframes"]);
const paragraphs = new Set(["p", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "table", "hr", "dl", "figure"]);
const lines = new Set(
  "div tr dt dd address article aside footer header main nav section figcaption details summary form fieldset body".split(
    " ",
  ),
);
const strong = new Set(["b", "strong", "h1", "h2", "h3", "h4", "h5", "h6"]);
const emphasis = new Set(["i", "em", "cite", "var", "dfn"]);
const code = new Set(["code", "kbd", "samp", "tt"]);
const quotes = /(?:^|\s)(?:gmail_quote|yahoo_quoted)(?:\s|$)/;

/**
 * A message that a desk keeps as HTML, in the small Markdown subset of src/core/markup.ts: paragraphs, breaks, lists,
 * quotes, code, strong, emphasis, links. Of everything else the text is left; text that looks like markup stays text.
 * Its time grows with the length alone. `pictures` gives the attachment's id for a picture's address, such as
 * "cid:part1@example.org"; other pictures become the words that stand for them.
 */
export function markupFromHtml(html: string, pictures: ReadonlyMap<string, string> = new Map()): string {
  const writer = createMarkupWriter();
  const state = createState(writer, pictures);
  readHtml(html, state);
  state.end();
  return writer.end();
}

function createState(writer: MarkupWriter, pictures: ReadonlyMap<string, string>) {
  /** How many elements of a kind are open. Nobody closes more than were opened. */
  const depth = { hidden: 0, strong: 0, emphasis: 0, code: 0, blockquote: 0, quoteDiv: 0 };
  let hiddenBy = "";
  let pre: string | undefined;
  let href: string | undefined;
  /** Whether each open division is a mail program's quote. */
  const divisions: boolean[] = [];
  const lists: { readonly ordered: boolean; count: number }[] = [];
  /** Of the row that is open. */
  let cells = 0;
  let isHead = false;

  function count(kind: keyof typeof depth, by: 1 | -1): void {
    depth[kind] = Math.max(0, depth[kind] + by);
  }

  function styles(name: string, by: 1 | -1): void {
    if (strong.has(name)) count("strong", by);
    if (emphasis.has(name)) count("emphasis", by);
    if (code.has(name)) count("code", by);
  }

  function look(): Piece["look"] {
    if (depth.code > 0) return "code";
    if (depth.strong > 0 || isHead) return "strong";
    return depth.emphasis > 0 ? "emphasis" : "text";
  }

  function breakFor(name: string): void {
    if (paragraphs.has(name)) writer.block(2);
    else if (lines.has(name)) writer.block(1);
  }

  function quoteIfAny(): void {
    writer.quote(depth.blockquote + depth.quoteDiv > 0);
  }

  function endPre(): void {
    const text = pre?.replace(/^\n/, "").trimEnd() ?? "";
    pre = undefined;
    if (text !== "") writer.code(text);
  }

  function openItem(): void {
    const [outer] = lists;
    const list = lists.at(-1);
    if (!outer || !list) return writer.block(1);
    list.count += 1;
    // The subset has lists of one level: what is deeper stands in the item above it, or below it with a dash.
    if (lists.length > 1 && outer.ordered) {
      writer.block(1);
      writer.add({ look: "text", text: "– " });
    } else {
      writer.item(outer.ordered ? `${list.count}. ` : `- ${"– ".repeat(Math.min(lists.length, 4) - 1)}`);
    }
    writer.oneLine(true);
  }

  const openers: Readonly<Record<string, (attributes: Attributes) => void>> = {
    br: () => (pre === undefined ? writer.lineBreak() : (pre += "\n")),
    a: (attributes) => (href = safeHref(attributes.get("href"))),
    img: (attributes) => picture(attributes),
    pre: () => (pre ??= ""),
    li: openItem,
    ul: () => openList(false),
    ol: () => openList(true),
    tr: openRow,
    td: () => openCell(false),
    th: () => openCell(true),
    blockquote: () => count("blockquote", 1),
    div: (attributes) => {
      const isQuote = quotes.test(attributes.get("class") ?? "");
      divisions.push(isQuote);
      if (isQuote) count("quoteDiv", 1);
    },
  };

  const closers: Readonly<Record<string, () => void>> = {
    a: () => (href = undefined),
    pre: endPre,
    li: () => writer.block(1),
    ul: closeList,
    ol: closeList,
    table: openRow,
    blockquote: () => count("blockquote", -1),
    div: () => {
      if (divisions.pop()) count("quoteDiv", -1);
    },
  };

  function openList(ordered: boolean): void {
    if (lists.length === 0) writer.block(2);
    lists.push({ ordered, count: 0 });
  }
  function closeList(): void {
    lists.pop();
    if (lists.length > 0) return;
    writer.oneLine(false);
    writer.block(2);
  }
  // Rows and cells need no end of their own: the next one is the end.
  function openRow(): void {
    writer.row(cells > 1);
    cells = 0;
    isHead = false;
  }
  function openCell(head: boolean): void {
    writer.cell();
    cells += 1;
    isHead = head;
  }
  function picture(attributes: Attributes): void {
    const alt = attributes.get("alt")?.replaceAll(/\s+/g, " ").trim() ?? "";
    const id = pictures.get(attributes.get("src")?.trim() ?? "");
    if (id !== undefined) writer.add({ look: "picture", text: alt, id });
    else if (alt !== "") writer.add({ look: look(), text: alt, href });
  }

  return {
    open(name: string, attributes: Attributes) {
      if (depth.hidden > 0) {
        if (name === hiddenBy) count("hidden", 1);
        return;
      }
      if (hidden.has(name)) {
        hiddenBy = name;
        count("hidden", 1);
        return;
      }
      if (pre !== undefined && name !== "br" && name !== "pre") return;
      breakFor(name);
      styles(name, 1);
      openers[name]?.(attributes);
      quoteIfAny();
    },
    close(name: string) {
      if (depth.hidden > 0) {
        if (name === hiddenBy) count("hidden", -1);
        return;
      }
      if (pre !== undefined && name !== "pre") return;
      styles(name, -1);
      closers[name]?.();
      breakFor(name);
      quoteIfAny();
    },
    text(text: string) {
      if (depth.hidden > 0) return;
      if (pre !== undefined) pre += text.replaceAll(/\r\n?/g, "\n");
      else writer.add({ look: look(), text: text.replaceAll(/[\s\u00A0]+/g, " "), href });
    },
    end: () => endPre(),
  };
}

/** Absolute, with a scheme that a member may follow. */
function safeHref(target: string | undefined): string | undefined {
  if (target === undefined || !URL.canParse(target.trim())) return undefined;
  const { protocol, href } = new URL(target.trim());
  return ["http:", "https:", "mailto:"].includes(protocol) ? href : undefined;
}
