import type { Block, Line } from "./markup.ts";
import { isHeader, startsHeaders } from "./mail-headers.ts";

/** A mail program's separator between the reply and the original, such as "----- Original Message -----". */
const ruler = /^-{3,}\s?\S.*\S\s?-{3,}$/;
/** The same without text, which only counts if mail headers follow. */
const bareRuler = /^(?:_{5,}|-{5,}|\*{5,})$/;
/** From this many quoted lines at the end, they are the original mail, not a quotation. */
const long = 4;

/** Removes the quoted original mail from the end: the quote, with the line above that introduces it. */
export function splitQuotedTail(blocks: readonly Block[]): {
  readonly words: readonly Block[];
  readonly tail: readonly Block[];
} {
  const start = tailStart(blocks);
  if (start === undefined) return { words: blocks, tail: [] };
  const { block, line } = start;
  const cut = blocks[block];
  const [above, below] = cut?.type === "paragraph" ? [cut.lines.slice(0, line), cut.lines.slice(line)] : [[], []];
  const words = [...blocks.slice(0, block), ...paragraph(above)];
  // If the whole message is a quote, the agent meant it.
  if (words.length === 0) return { words: blocks, tail: [] };
  return { words, tail: line === 0 ? blocks.slice(block) : [...paragraph(below), ...blocks.slice(block + 1)] };
}

/** The tail may begin within a paragraph: some programs put no empty line above it. */
interface Place {
  readonly block: number;
  readonly line: number;
}

const paragraph = (lines: readonly Line[]): readonly Block[] =>
  lines.length > 0 ? [{ type: "paragraph", lines }] : [];

function tailStart(blocks: readonly Block[]): Place | undefined {
  return ruled(blocks) ?? quotedEnd(blocks);
}

function ruled(blocks: readonly Block[]): Place | undefined {
  const lines = blocks.flatMap((each, block) =>
    each.type === "paragraph"
      ? each.lines.map((parts, line) => ({ block, line, text: textOf(parts) }))
      : [{ block, line: 0, text: "" }],
  );
  const texts = lines.map(({ text }) => text);
  const first = texts.findIndex(
    (text, index) => ruler.test(text) || (isHeader(text) && startsHeaders(texts.slice(index, index + 8))),
  );
  const place = lines[first];
  const above = lines[first - 1];
  return above && bareRuler.test(above.text) ? above : place;
}

function quotedEnd(blocks: readonly Block[]): Place | undefined {
  const end = blocks.length - 1;
  const last = blocks[end];
  if (last?.type !== "quote") return undefined;
  if (saysWho(blocks[end - 1])) return { block: end - 1, line: 0 };
  return saysWho(last.blocks[0]) || lineCount(last) >= long ? { block: end, line: 0 } : undefined;
}

/** Such as "On Monday Ana wrote:". */
function saysWho(block: Block | undefined): boolean {
  return block?.type === "paragraph" && block.lines.length <= 2 && textOf(block.lines.at(-1)).endsWith(":");
}

/** Without direction marks: mail programs put them around names. */
const textOf = (line: Line = []) =>
  line
    .map(({ text }) => text)
    .join("")
    .replaceAll(/[\u200E\u200F\u061C\u202A-\u202E\u2066-\u2069]/g, "")
    .trim();

function lineCount(block: Block): number {
  if (block.type === "paragraph") return block.lines.length;
  if (block.type === "code") return block.text.split("\n").length;
  const inner = block.type === "quote" ? block.blocks : block.items.flatMap(({ blocks }) => blocks);
  return inner.reduce((count, each) => count + lineCount(each), 0);
}
