/** The site's and the language's rules for a ticket's text. */
export interface TicketTexts {
  /** Where the member's language is added: before the title, as a separate field, or nowhere. */
  readonly language: "prefix" | "field" | "off";
  /** "Slovenščina" for "sl". */
  languageName(tag: string): string;
  /** The heading of an answer, in the member's language. */
  question(step: "did" | "happened" | "expected"): string;
}

interface Steps {
  readonly did: string;
  readonly text: string;
  readonly expected: string;
}

/**
 * The title as the desk stores it. With the language first, as the guide requires: "Slovenščina - Naročila ni mogoče
 * obdelati". If the member wrote the language themselves, it is not repeated.
 */
export function ticketTitle(title: string, tag: string, texts: TicketTexts): string {
  const words = title.trim();
  if (texts.language !== "prefix") return words;
  const name = texts.languageName(tag);
  const already = words.toLocaleLowerCase().startsWith(`${name.toLocaleLowerCase()} -`);
  return already ? words : `${name} - ${words}`;
}

/** The description as an agent reads it: each answer under its question, or a single answer as it is. */
export function ticketText({ did, text, expected }: Steps, texts: TicketTexts): string {
  const answers = [
    ["did", did],
    ["happened", text],
    ["expected", expected],
  ] as const;
  const parts = answers.flatMap(([step, answer]) =>
    answer.trim() ? [`${texts.question(step)}\n${answer.trim()}`] : [],
  );
  return parts.length > 1 ? parts.join("\n\n") : text.trim();
}
