import type { Ticket } from "../contract/adapter.ts";

const shortest = 4;
const stem = 5;

/** The stems of the longer words, without accents and endings: "naročilom" and "Narocila" match. */
function stemsOf(text: string): ReadonlySet<string> {
  const words =
    text
      .normalize("NFD")
      .replaceAll(/\p{M}/gu, "")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return new Set(words.filter((word) => word.length >= shortest).map((word) => word.slice(0, stem)));
}

/** The tickets whose titles have most in common with the text, best match first; few or none. */
export function similarTickets(title: string, tickets: readonly Ticket[], language: string): readonly Ticket[] {
  const wanted = stemsOf(title);
  // Every title begins with the language, which says nothing about its topic.
  const common = stemsOf(language);
  const rated = tickets.map((ticket) => {
    const shared = [...stemsOf(ticket.title)].filter((word) => wanted.has(word) && !common.has(word)).length;
    return { ticket, shared };
  });
  const enough = wanted.size > 2 ? 2 : 1;
  return rated
    .filter(({ shared }) => shared >= enough)
    .toSorted((a, b) => b.shared - a.shared)
    .slice(0, 3)
    .map(({ ticket }) => ticket);
}
