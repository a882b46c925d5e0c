import { addressAt } from "./markup-address.ts";
import type { Block, Line } from "./markup.ts";
import type { Inline } from "./markup-inline.ts";
import { isQuotedLine } from "./quoted-lines.ts";

const maxDepth = 6;

/** A member's plain text, shown as typed. Addresses are links, and quotations of mail programs are quotes. */
export function parseWords(text: string): readonly Block[] {
  return readBlocks(text.replaceAll(/\r\n?/g, "\n").split("\n"), 0);
}

function readBlocks(lines: readonly string[], depth: number): readonly Block[] {
  const blocks: Block[] = [];
  let paragraph: Line[] = [];
  const flush = () => {
    if (paragraph.length > 0) blocks.push({ type: "paragraph", lines: paragraph });
    paragraph = [];
  };
  for (let at = 0; at < lines.length;) {
    const end = depth < maxDepth ? quoteEnd(lines, at) : at;
    const line = lines[at] ?? "";
    if (end > at) {
      flush();
      const inner = lines.slice(at, end).map((each) => each.replace(/^> ?/, ""));
      blocks.push({ type: "quote", blocks: readBlocks(inner, depth + 1) });
    } else if (line.trim() === "") {
      flush();
    } else {
      paragraph.push(readLine(line));
    }
    at = Math.max(end, at + 1);
  }
  flush();
  return blocks;
}

function quoteEnd(lines: readonly string[], from: number): number {
  let end = from;
  while (isQuotedLine(lines, end)) end += 1;
  return end;
}

function readLine(line: string): Line {
  const parts: Inline[] = [];
  let from = 0;
  for (const { index } of line.matchAll(/https?:\/\//g)) {
    const address = index < from ? undefined : addressAt(line, index);
    if (address === undefined) continue;
    if (index > from) parts.push({ type: "text", text: line.slice(from, index) });
    parts.push({ type: "link", ...address });
    from = index + address.text.length;
  }
  if (from < line.length) parts.push({ type: "text", text: line.slice(from) });
  return parts;
}
