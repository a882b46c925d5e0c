import { property } from "./property.ts";

// The answer to a member's write repeats their text. A retry sends the text again, so it need not be stored.

/** The answer with `null` instead of the text, if the request has the same text. */
export function withoutOwnWords(answer: unknown, request: unknown): unknown {
  const text = textOf(request);
  return text !== undefined && text === textOf(answer) ? { ...Object(answer), text: null } : answer;
}

/** The answer again, with the text of the request in place of `null`. */
export function withOwnWords(answer: unknown, request: unknown): unknown {
  return property(answer, "text") === null ? { ...Object(answer), text: textOf(request) } : answer;
}

function textOf(value: unknown): string | undefined {
  const text = property(value, "text");
  return typeof text === "string" ? text : undefined;
}
