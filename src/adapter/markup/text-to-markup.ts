import type { Message } from "../../core/contract/adapter.ts";
import { parseMarkup } from "../../core/contract/markup.ts";
import { plainText } from "../../core/contract/plain-text.ts";
import { isQuotedLine } from "../../core/contract/quoted-lines.ts";
import { escapeLineStart, escapeText } from "./escapes.ts";

/**
 * Converts an agent's plain text to the Markdown subset: every character is shown as written. Quotations of mail
 * programs stay quotations.
 */
export function markupFromText(text: string): string {
  const lines = text.replaceAll(/\r\n?/g, "\n").split("\n");
  return lines
    .map((line, index) => {
      if (!isQuotedLine(lines, index)) return escapeLineStart(escapeText(line));
      const [, signs = "", rest = ""] = /^((?:> ?)+)(.*)$/.exec(line) ?? [];
      return signs + escapeLineStart(escapeText(rest));
    })
    .join("\n");
}

/** A message's text in the subset, for any author: a member's text is plain. */
export function markupOfMessage({ author, text }: Pick<Message, "author" | "text">): string {
  return author.role === "member" ? markupFromText(text) : text;
}

/** The text without the markup of the subset. */
export function plainTextOf(markup: string): string {
  return plainText(parseMarkup(markup));
}
