import type { TicketContext } from "../../core/adapter.ts";

/** The first line of the private note that tells agents what the member let the widget add. */
export const contextTitle = "Podpora: what the widget adds";

const labels = {
  page: "Page",
  browser: "Browser",
  screen: "Screen",
  language: "Languages",
  appVersion: "App version",
} as const satisfies Partial<Record<keyof TicketContext, string>>;

/** Preformatted, which Textile and Markdown write the same. Undefined when there is nothing to tell. */
export function contextNote(context: TicketContext | undefined): string | undefined {
  if (context === undefined) return undefined;
  const parts = Object.entries(labels).map(([key, label]) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the object just above
    const value = context[key as keyof typeof labels];
    return value === undefined ? undefined : `${label}: ${oneLine(value)}`;
  });
  const errors = context.errors?.map((error) => `Error: ${oneLine(error)}`) ?? [];
  const lines = [...parts.filter((line) => line !== undefined), ...errors];
  return lines.length === 0 ? undefined : `${contextTitle}\n\n<pre>\n${lines.join("\n")}\n</pre>`;
}

/** One that would close the preformatted text does not. */
function oneLine(text: string): string {
  return text.replaceAll(/\s*[\r\n]+\s*/g, " ").replaceAll(/<(?=\/pre)/gi, "< ");
}
