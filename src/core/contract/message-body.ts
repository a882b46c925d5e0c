import type { Message } from "./adapter.ts";
import { type Block, parseMarkup } from "./markup.ts";
import type { Inline } from "./markup-inline.ts";
import { parseWords } from "./plain-words.ts";
import { plainText } from "./plain-text.ts";

interface Said {
  readonly author: Pick<Message["author"], "role">;
  readonly text: string;
}

/** The visible content of a message. A member's text is plain; anyone else's is in the small Markdown subset. */
export function bodyOf({ author, text }: Said): readonly Block[] {
  return author.role === "member" ? parseWords(text) : parseMarkup(text);
}

/** A message as plain text, such as for a file or another desk. */
export function wordsOf({ author, text }: Said): string {
  return author.role === "member" ? text : plainText(parseMarkup(text));
}

/** The ids of the attachments that the text itself shows. */
export function picturesIn(blocks: readonly Block[]): ReadonlySet<string> {
  return new Set(blocks.flatMap(inlinesOf).flatMap(pictureIds));
}

function pictureIds(part: Inline): readonly string[] {
  if (part.type === "picture") return [part.attachmentId];
  return "parts" in part ? (part.parts?.flatMap(pictureIds) ?? []) : [];
}

function inlinesOf(block: Block): readonly Inline[] {
  if (block.type === "paragraph") return block.lines.flat();
  if (block.type === "quote") return block.blocks.flatMap(inlinesOf);
  return block.type === "list" ? block.items.flatMap(({ blocks }) => blocks.flatMap(inlinesOf)) : [];
}
