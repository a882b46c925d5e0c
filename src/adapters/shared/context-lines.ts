import type { TicketContext } from "../../core/contract/adapter.ts";

/** For agents to read: each part on a line of its own, such as "Page: https://example.org/". Empty when there is nothing to tell. */
export function contextLines(context: TicketContext = {}): readonly string[] {
  const { page, browser, screen, language, appVersion, errors = [] } = context;
  const parts: readonly (readonly [label: string, value: string | undefined])[] = [
    ["Page", page],
    ["Browser", browser],
    ["Screen", screen],
    ["Languages", language],
    ["App version", appVersion],
    ...errors.map((error) => ["Error", error] as const),
  ];
  return parts.flatMap(([label, value]) => (value === undefined ? [] : [`${label}: ${oneLine(value)}`]));
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*[\r\n]+\s*/g, " ");
}
