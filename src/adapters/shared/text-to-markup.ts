import type { Message } from "../../core/contract/adapter.ts";
import { isQuotedLine } from "../../core/contract/quoted-lines.ts";
import { escapeLineStart, escapeText } from "./markup-escapes.ts";

/**
 * What an agent wrote as plain text, in the small Markdown subset: every character of it is read as it was written.
 * Quotations, as mail programs make them, stay quotations.
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

/** A message's text in the subset, whoever wrote it: a member's words are plain text. */
export function markupOfMessage({ author, text }: Pick<Message, "author" | "text">): string {
  return author.role === "member" ? markupFromText(text) : text;
}
