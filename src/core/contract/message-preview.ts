import type { Message, MessagePreview } from "./adapter.ts";
import { previewLimit } from "./limits.ts";
import { wordsOf } from "./message-body.ts";

/** The beginning of a message, for a list. Without text: the names of its files. Undefined for a change of status. */
export function previewOf(
  message: Pick<Message, "author" | "text" | "attachments" | "change">,
): MessagePreview | undefined {
  if (message.change) return undefined;
  const { author, attachments = [] } = message;
  const words = wordsOf(message).trim() || attachments.map(({ name }) => name).join(", ");
  const line = words.replaceAll(/\s+/g, " ");
  return { author, text: line.length > previewLimit ? `${beginning(line)}…` : line };
}

/** Does not split a surrogate pair. */
const beginning = (line: string) =>
  line
    .slice(0, previewLimit - 1)
    .replace(/[\uD800-\uDBFF]$/, "")
    .trimEnd();
