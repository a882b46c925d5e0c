import { safeHref } from "../../core/contract/markup-inline.ts";
import { countItems, createLists } from "./html-lists.ts";
import { readHtml } from "./html-tokens.ts";
import { createVisibility } from "./html-visibility.ts";
import type { Piece } from "./line.ts";
import { createMarkupWriter, type MarkupWriter } from "./writer.ts";

type Attributes = ReadonlyMap<string, string>;

const paragraphs = new Set(["p", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "table", "hr", "dl", "figure"]);
const lines = new Set(
  "div tr dt dd address article aside footer header main nav section figcaption details summary form fieldset body".split(
    " ",
  ),
);
const strong = new Set(["b", "strong", "h1", "h2", "h3", "h4", "h5", "h6"]);
const emphasis = new Set(["i", "em", "cite", "var", "dfn"]);
const code = new Set(["code", "kbd", "samp", "tt"]);
/** The lines by which mail programs introduce a quoted mail. */
const quotes =
  /(?:^|\s)(?:gmail_quote|gmail_quote_container|yahoo_quoted|protonmail_quote|tutanota_quote|zmail_extra)(?:\s|$)/;

/**
 * Converts a message that a desk stores as HTML to the Markdown subset of src/core/contract/markup.ts: paragraphs,
 * breaks, lists, quotes, code, strong, emphasis, links. Everything else becomes text, if a mail program shows it; text
 * that looks like markup stays text. Runs in linear time. `pictures` returns the attachment's id for a picture's
 * address, such as "cid:part1@example.org"; other pictures become their alternative text.
 */
export function markupFromHtml(html: string, pictures: ReadonlyMap<string, string> = new Map()): string {
  const writer = createMarkupWriter();
  const state = createState(writer, pictures, /\sreversed\b/i.test(html) ? countItems(html) : []);
  readHtml(html, state);
  state.end();
  return writer.end();
}

function createState(
  writer: MarkupWriter,
  pictures: ReadonlyMap<string, string>,
  /** Of each ordered list: a list that counts down starts with it. */
  itemCounts: readonly number[],
) {
  /** The number of open elements of each kind. No more are closed than were opened. */
  const depth = { strong: 0, emphasis: 0, code: 0, blockquote: 0, quoteDiv: 0 };
  const visibility = createVisibility();
  const lists = createLists(writer);
  let pre: { text: string; language: string } | undefined;
  let href: string | undefined;
  let orderedLists = 0;
  /** For each open division, whether it is a mail program's quote. */
  const divisions: boolean[] = [];
  /** Of the open row. */
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

  function piece(text: string): Piece {
    const [isStrong, isEmphasis, isCode] = [depth.strong > 0 || isHead, depth.emphasis > 0, depth.code > 0];
    return {
      text,
      ...(isStrong ? { strong: true } : {}),
      ...(isEmphasis ? { emphasis: true } : {}),
      ...(isCode ? { code: true } : {}),
      ...(href === undefined ? {} : { href }),
    };
  }

  function breakFor(name: string): void {
    if (paragraphs.has(name)) writer.block(2);
    else if (lines.has(name)) writer.block(1);
  }

  function quoteIfAny(): void {
    writer.quote(depth.blockquote + depth.quoteDiv > 0);
  }

  function endPre(): void {
    const { text = "", language = "" } = pre ?? {};
    pre = undefined;
    const shown = text.replace(/^\n/, "").replace(/\s+$/, "");
    if (shown !== "") writer.code(shown, language);
  }

  const openers: Readonly<Record<string, (attributes: Attributes) => void>> = {
    br: () => writer.lineBreak(),
    a: (attributes) => (href = safeHref(attributes.get("href")?.trim() ?? "")),
    img: (attributes) => picture(attributes),
    pre: (attributes) => (pre = { text: "", language: languageOf(attributes) }),
    li: (attributes) => lists.openItem(attributes),
    ul: (attributes) => lists.open(false, attributes),
    ol: (attributes) => lists.open(true, attributes, itemCounts[orderedLists - 1]),
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
    li: () => lists.closeItem(),
    ul: () => lists.close(),
    ol: () => lists.close(),
    table: openRow,
    blockquote: () => count("blockquote", -1),
    div: () => {
      if (divisions.pop()) count("quoteDiv", -1);
    },
  };

  // Rows and cells need no end tag: the next one ends them.
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
    if (id !== undefined) writer.add({ text: alt, id });
    else if (alt !== "") writer.add(piece(alt));
  }

  return {
    open(name: string, attributes: Attributes) {
      if (name === "ol") orderedLists += 1;
      if (!visibility.open(name, attributes)) return;
      if (pre !== undefined) {
        if (name === "br" && visibility.isShown) pre.text += "\n";
        if (name === "code") pre.language ||= languageOf(attributes);
        return;
      }
      breakFor(name);
      styles(name, 1);
      openers[name]?.(attributes);
      quoteIfAny();
    },
    close(name: string) {
      if (!visibility.close(name)) return;
      if (pre !== undefined && name !== "pre") return;
      styles(name, -1);
      closers[name]?.();
      breakFor(name);
      quoteIfAny();
    },
    text(text: string) {
      if (!visibility.isShown) return;
      if (pre !== undefined) pre.text += text.replaceAll(/\r\n?/g, "\n");
      else writer.add(piece(text.replaceAll(depth.code > 0 ? /[\t\n\f\r]/g : /[ \t\n\f\r]+/g, " ")));
    },
    end: () => endPre(),
  };
}

/** The usual form: `class="language-js"`. */
function languageOf(attributes: Attributes): string {
  return /(?:^|\s)(?:lang|language)-([\w+#.-]{1,20})/.exec(attributes.get("class") ?? "")?.[1] ?? "";
}
