import type { TicketContext } from "../../core/contract/adapter.ts";
import { contextLines } from "../shared/context-lines.ts";

/** The first line of the private note that tells agents what the member let the widget add. */
export const contextTitle = "Podpora: what the widget adds";

/** Preformatted, which Textile and Markdown write the same. Undefined when there is nothing to tell. */
export function contextNote(context: TicketContext | undefined): string | undefined {
  const lines = contextLines(context);
  if (lines.length === 0) return undefined;
  // One that would close the preformatted text does not.
  const text = lines.join("\n").replaceAll(/<(?=\/pre)/gi, "< ");
  return `${contextTitle}\n\n<pre>\n${text}\n</pre>`;
}
