import { addressAt } from "../../core/contract/markup-address.ts";
import { longestRun, type Piece, writeLine } from "../../adapter/index.ts";

export type Formatting = "markdown" | "textile";

/**
 * Converts an agent's text to the Markdown subset. Redmine's Markdown is close enough to stay unchanged; Textile is
 * converted line by line, and what the subset does not have stays text. `files` are the ids by their names.
 */
export function markupOf(text: string, formatting: Formatting, files: ReadonlyMap<string, string>): string {
  const lines = text.replaceAll("\r\n", "\n");
  return formatting === "textile" ? fromTextile(lines, files) : withPictures(lines, files);
}

/** Redmine refers to a picture of the issue by its file name. */
function withPictures(text: string, files: ReadonlyMap<string, string>): string {
  return text.replaceAll(/!\[([^[\]\n]{0,500})\]\(([^)\s]{1,500})\)/g, (whole, alt: string, name: string) => {
    const id = files.get(name) ?? files.get(decoded(name));
    return id === undefined ? whole : `![${alt || name}](attachment:${id})`;
  });
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** https://www.redmine.org/projects/redmine/wiki/RedmineTextFormattingTextile */
function fromTextile(text: string, files: ReadonlyMap<string, string>): string {
  const written: string[] = [];
  let from = 0;
  for (;;) {
    const start = text.indexOf("<pre>", from);
    const end = start === -1 ? -1 : text.indexOf("</pre>", start);
    const words = text.slice(from, end === -1 ? undefined : start);
    written.push(textileLines(words.split("\n"), files).join("\n"));
    if (end === -1) return written.join("").trim();
    const code = text.slice(start + "<pre>".length, end).replace(/^\s*<code[^<>]{0,100}>/, "");
    const plain = code.replace(/<\/code>\s*$/, "").replaceAll(/^\n|\n$/g, "");
    const fence = "`".repeat(Math.max(3, longestRun(plain) + 1));
    written.push(`\n${fence}\n${plain}\n${fence}\n`);
    from = end + "</pre>".length;
  }
}

/** The open item of a list: how many items its list had, and the width of its marker. */
interface OpenItem {
  readonly sign: string;
  readonly count: number;
  readonly width: number;
}

function textileLines(lines: readonly string[], files: ReadonlyMap<string, string>): readonly string[] {
  let open: readonly OpenItem[] = [];
  return lines.map((line) => {
    const [, signs = "", words = ""] = /^([*#]{1,5}) (.*)$/.exec(line) ?? [];
    open = signs === "" ? [] : withItem(open, signs);
    if (signs === "") return textileLine(line, files);
    const indent = open.slice(0, -1).reduce((sum, { width }) => sum + width, 0);
    const item = open.at(-1);
    const marker = item?.sign === "#" ? `${item.count}. ` : "- ";
    return " ".repeat(indent) + marker + writeLine(textilePieces(words, files));
  });
}

function withItem(open: readonly OpenItem[], signs: string): readonly OpenItem[] {
  const sign = signs.at(-1) ?? "*";
  const around = open.slice(0, signs.length - 1);
  const before = open[signs.length - 1];
  const count = before?.sign === sign ? before.count + 1 : 1;
  return [...around, { sign, count, width: sign === "#" ? `${count}. `.length : 2 }];
}

function textileLine(line: string, files: ReadonlyMap<string, string>): string {
  const [, heading] = /^h[1-6]\. (.+)$/.exec(line) ?? [];
  if (heading !== undefined) return writeLine(textilePieces(heading, files, { strong: true }));
  const [, quote = "", words = line] = /^(bq\. |> ?)(.*)$/.exec(line) ?? [];
  return (quote === "" ? "" : "> ") + writeLine(textilePieces(words, files));
}

const inline =
  /(?<![\w@])@([^@\n]{1,500})@(?![\w@])|(?<![\w*])\*(?! )([^*\n]{1,500})(?<! )\*(?![\w*])|(?<![\w_])_(?! )([^_\n]{1,500})(?<! )_(?![\w_])|"([^"\n]{1,300})":(?=https?:\/\/)|!([^\s!]{1,300})!/g;

type Look = Pick<Piece, "strong" | "emphasis">;

function textilePieces(line: string, files: ReadonlyMap<string, string>, look: Look = {}): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of line.matchAll(inline)) {
    const read = match.index < from ? undefined : markedPieces(line, match, files, look);
    if (read === undefined) continue;
    pieces.push({ ...look, text: line.slice(from, match.index) }, ...read.pieces);
    from = read.end;
  }
  return [...pieces, { ...look, text: line.slice(from) }];
}

/** Undefined for text that only looks like a mark. */
function markedPieces(line: string, match: RegExpExecArray, files: ReadonlyMap<string, string>, look: Look) {
  const [whole, code, strong, emphasis, label, name] = match;
  const end = match.index + whole.length;
  if (label !== undefined) {
    const address = addressAt(line, end);
    return address && { pieces: [{ ...look, text: label, href: address.href }], end: end + address.text.length };
  }
  if (name !== undefined) {
    const id = files.get(name);
    return id === undefined ? undefined : { pieces: [{ text: name, id }], end };
  }
  if (code !== undefined) return { pieces: [{ ...look, text: code, code: true }], end };
  if (strong !== undefined) return { pieces: textilePieces(strong, files, { ...look, strong: true }), end };
  return { pieces: textilePieces(emphasis ?? "", files, { ...look, emphasis: true }), end };
}
