import { property } from "./property.ts";

// The answer to what a member has written repeats their words. A retry brings them along, so that nobody has to keep them.

/** The answer with `null` for the text, where the request says the same text. */
export function withoutOwnWords(answer: unknown, request: unknown): unknown {
  const text = textOf(request);
  return text !== undefined && text === textOf(answer) ? { ...Object(answer), text: null } : answer;
}

/** The answer again, with the text of the request where it has `null`. */
export function withOwnWords(answer: unknown, request: unknown): unknown {
  return property(answer, "text") === null ? { ...Object(answer), text: textOf(request) } : answer;
}

function textOf(value: unknown): string | undefined {
  const text = property(value, "text");
  return typeof text === "string" ? text : undefined;
}
