import type { Block, Item, Line } from "./markup.ts";

/** The text of a body without its markup, as when copied: lists keep their numbers, quotes their signs. */
export function plainText(blocks: readonly Block[]): string {
  return blocks.map((block) => linesOf(block).join("\n")).join("\n\n");
}

/** The text on one line, to be read aloud. */
export function spokenText(blocks: readonly Block[]): string {
  return blocks.flatMap(spoken).filter(Boolean).join(" ");
}

const textOf = (line: Line) => line.map(({ text }) => text).join("");

function linesOf(block: Block): readonly string[] {
  if (block.type === "paragraph") return block.lines.map(textOf);
  if (block.type === "code") return block.text.split("\n");
  if (block.type === "quote") {
    return plainText(block.blocks)
      .split("\n")
      .map((line) => `> ${line}`.trimEnd());
  }
  if (!block.ordered) return block.items.flatMap((item) => itemLines("- ", item));
  return block.items.flatMap((item) => itemLines(`${item.number}${block.sign} `, item));
}

function itemLines(marker: string, { blocks }: Item): readonly string[] {
  const lines = blocks.flatMap(linesOf);
  return lines.length === 0
    ? [marker.trimEnd()]
    : lines.map((line, index) => (index === 0 ? marker : " ".repeat(marker.length)) + line);
}

function spoken(block: Block): readonly string[] {
  if (block.type === "paragraph") return block.lines.map(textOf);
  if (block.type === "code") return [block.text];
  if (block.type === "quote") return block.blocks.flatMap(spoken);
  if (!block.ordered) return block.items.flatMap(({ blocks }) => blocks.flatMap(spoken));
  return block.items.flatMap(({ blocks, number }) => [`${number}${block.sign}`, ...blocks.flatMap(spoken)]);
}
