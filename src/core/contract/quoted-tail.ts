import type { Block } from "./markup.ts";

/** A mail program's line between the answer and what it answers, such as "----- Original Message -----". */
const ruler = /^-{3,}\s?\S.*\S\s?-{3,}$/;
/** So many quoted lines at the end are the mail before, not a quotation. */
const long = 4;

/** Takes the mail that a mail answers off its end: the quote there, with the line above that says who wrote it. */
export function splitQuotedTail(blocks: readonly Block[]): {
  readonly words: readonly Block[];
  readonly tail: readonly Block[];
} {
  const start = tailStart(blocks);
  // A message that is nothing but a quote is what the agent wanted to say.
  return start > 0 ? { words: blocks.slice(0, start), tail: blocks.slice(start) } : { words: blocks, tail: [] };
}

function tailStart(blocks: readonly Block[]): number {
  const ruled = blocks.findIndex((block) => block.type === "paragraph" && ruler.test(firstLine(block)));
  if (ruled > 0) return ruled;
  const end = blocks.length - 1;
  const last = blocks[end];
  if (last?.type !== "quote") return -1;
  const above = blocks[end - 1];
  const saysWho = above?.type === "paragraph" && above.lines.length <= 2 && lineEnd(above).endsWith(":");
  if (saysWho) return end - 1;
  return last.lines.length >= long ? end : -1;
}

type Lines = Extract<Block, { readonly type: "paragraph" }>;
const textOf = (line: Lines["lines"][number] = []) =>
  line
    .map(({ text }) => text)
    .join("")
    .trim();
const firstLine = ({ lines }: Lines) => textOf(lines[0]);
const lineEnd = ({ lines }: Lines) => textOf(lines.at(-1));
