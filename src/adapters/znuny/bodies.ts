import { markupFromText } from "../../adapter/index.ts";
import type { Article } from "./schemas.ts";

/** A word joiner, which is invisible. Znuny refuses an empty text, and treats "0" as empty. */
const WORD_JOINER = "\u2060";

export function written(text: string): string {
  return ["", "0"].includes(text.trim()) ? `${text}${WORD_JOINER}` : text;
}

export function read(text: string): string {
  return text.replaceAll(WORD_JOINER, "");
}

/** A member's text as typed; anyone else's as markup. Znuny converts HTML to text. */
export function wordsOf({ Body }: Article, isMember: boolean): string {
  const text = read(Body).replaceAll(/\r\n?/g, "\n");
  return isMember ? text : markupFromText(text);
}
