import { type Inline, parseInline } from "./markup-inline.ts";

export type { Inline } from "./markup-inline.ts";

/**
 * Parses the small Markdown subset of message bodies into a tree for the screen: paragraphs, line breaks, lists,
 * quotes, code, strong, emphasis, links. Without backtracking, in linear time; everything else stays plain text. Links
 * are http(s) and mailto only; a picture is one of the message's attachments: a picture from another server would tell
 * that server who reads it, so it becomes a link.
 */
export type Block =
  | { readonly type: "paragraph"; readonly lines: readonly Line[] }
  | { readonly type: "quote"; readonly blocks: readonly Block[] }
  | { readonly type: "list"; readonly ordered: false; readonly items: readonly Item[] }
  | { readonly type: "list"; readonly ordered: true; readonly sign: "." | ")"; readonly items: readonly NumberedItem[] }
  | { readonly type: "code"; readonly text: string; readonly language?: string };

export type Line = readonly Inline[];

export interface Item {
  readonly blocks: readonly Block[];
}

export interface NumberedItem extends Item {
  /** As it is written. */
  readonly number: number;
}

/** A block, and the index of the line after it. */
type Read = readonly [block: Block, next: number];
type Lines = readonly string[];

/** The maximum nesting of quotes and lists. Deeper ones are text: each level costs the screen a nested call. */
const maxDepth = 6;

export function parseMarkup(text: string): readonly Block[] {
  return readBlocks(text.replaceAll(/\r\n?/g, "\n").split("\n"), 0);
}

function readBlocks(lines: Lines, depth: number): readonly Block[] {
  const blocks: Block[] = [];
  const fences = fenceEnds(lines);
  const readHere = (from: number): Read | undefined =>
    readCode(lines, from, fences) ??
    (depth < maxDepth ? (readQuote(lines, from, depth) ?? readList(lines, from, depth)) : undefined);
  let paragraph: Line[] = [];
  const flush = () => {
    if (paragraph.length > 0) blocks.push({ type: "paragraph", lines: paragraph });
    paragraph = [];
  };

  for (let at = 0; at < lines.length;) {
    const read = readHere(at);
    const line = lines[at] ?? "";
    if (read || isBlank(line)) flush();
    else paragraph.push(parseInline(line));
    if (read) blocks.push(read[0]);
    at = read?.[1] ?? at + 1;
  }
  flush();
  return blocks;
}

const isBlank = (line = "") => line.trim() === "";

// ------------------------------------------------------------------------------------------------------------ code

const fence = /^(`{3,})([^`]*)$/;
const language = /^[\w+#.-]{1,20}$/;

/** The length of the longest fence that ends a block on this line or below it. A block without an end is text. */
function fenceEnds(lines: Lines): readonly number[] {
  const ends = Array.from<number>({ length: lines.length + 1 }).fill(0);
  for (let at = lines.length - 1; at >= 0; at -= 1) ends[at] = Math.max(ends[at + 1] ?? 0, endsFence(lines[at]));
  return ends;
}

const endsFence = (line = "") => /^(`{3,}) *$/.exec(line)?.[1]?.length ?? 0;

function readCode(lines: Lines, from: number, ends: readonly number[]): Read | undefined {
  const [, ticks, beside = ""] = fence.exec(lines[from] ?? "") ?? [];
  if (ticks === undefined || (ends[from + 1] ?? 0) < ticks.length) return undefined;
  let end = from + 1;
  while (endsFence(lines[end]) < ticks.length) end += 1;
  const word = beside.trim();
  const isLanguage = language.test(word);
  // Text after the fence was meant to be read.
  const text = [...(isLanguage || word === "" ? [] : [word]), ...lines.slice(from + 1, end)].join("\n");
  return [{ type: "code", text, ...(isLanguage ? { language: word } : {}) }, end + 1];
}

// ---------------------------------------------------------------------------------------------------------- quotes

function readQuote(lines: Lines, from: number, depth: number): Read | undefined {
  let end = from;
  while (lines[end]?.startsWith(">")) end += 1;
  if (end === from) return undefined;
  const inner = lines.slice(from, end).map((line) => line.replace(/^> ?/, ""));
  return [{ type: "quote", blocks: readBlocks(inner, depth + 1) }, end];
}

// ----------------------------------------------------------------------------------------------------------- lists

interface Marker {
  readonly sign: "-" | "." | ")";
  readonly number: number;
  /** The width of the marker with its space: the indentation of the item's other lines. */
  readonly width: number;
  readonly rest: string;
}

function markerOf(line = ""): Marker | undefined {
  const [, marker = "", number, sign, rest = ""] = /^((?:[-*]|(\d{1,3})([.)])) )(.*)$/.exec(line) ?? [];
  if (marker === "") return undefined;
  if (number === undefined) return { sign: "-", number: 0, width: marker.length, rest };
  return { sign: sign === ")" ? ")" : ".", number: Number(number), width: marker.length, rest };
}

function readList(lines: Lines, from: number, depth: number): Read | undefined {
  const first = markerOf(lines[from]);
  if (first === undefined) return undefined;
  const items: { readonly number: number; readonly lines: string[] }[] = [];
  let end = from;
  for (let marker: Marker | undefined = first; marker !== undefined;) {
    const last = itemEnd(lines, end + 1);
    items.push({ number: marker.number, lines: itemLines(lines.slice(end, last), marker) });
    end = last;
    const next = nextNonBlank(lines, last);
    const following = markerOf(lines[next]);
    const goesOn: boolean = following?.sign === first.sign && (next === last || follows(following, marker));
    // "24. 12. 2026" is a date: a list needs two consecutive numbers, or begins with 1.
    if (items.length === 1 && first.sign !== "-" && !isCounting(first, goesOn ? following : undefined))
      return undefined;
    if (goesOn) end = next;
    marker = goesOn ? following : undefined;
  }
  return [listOf(first.sign, items, depth), end];
}

function isCounting(first: Marker, next: Marker | undefined): boolean {
  return next !== undefined && (first.number <= 1 || Math.abs(next.number - first.number) === 1);
}

function follows(marker: Marker, before: Marker): boolean {
  return marker.sign === "-" || Math.abs(marker.number - before.number) === 1;
}

function listOf(
  sign: Marker["sign"],
  items: readonly { readonly number: number; readonly lines: Lines }[],
  depth: number,
): Block {
  const read = items.map(({ number, lines }) => ({ number, blocks: readBlocks(lines, depth + 1) }));
  if (sign === "-") return { type: "list", ordered: false, items: read.map(({ blocks }) => ({ blocks })) };
  return { type: "list", ordered: true, sign, items: read };
}

/** Indented lines continue an item, also after an empty line. */
function itemEnd(lines: Lines, from: number): number {
  let end = from;
  for (;;) {
    const next = nextNonBlank(lines, end);
    if (!/^ {2}/.test(lines[next] ?? "")) return end;
    end = next + 1;
  }
}

function itemLines([, ...more]: Lines, { rest, width }: Marker): string[] {
  const indent = new RegExp(`^ {0,${width}}`);
  return [rest, ...more.map((line) => line.replace(indent, ""))];
}

function nextNonBlank(lines: Lines, from: number): number {
  let next = from;
  while (next < lines.length && isBlank(lines[next])) next += 1;
  return next;
}
