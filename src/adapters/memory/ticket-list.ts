import type { Member, Page, Ticket, TicketQuery } from "../../core/contract/adapter.ts";
import { fold, searchWords } from "../../adapter/pages.ts";
import type { Desk, TicketEntry } from "./desk.ts";

/** The member's matching tickets, last changed first. The cursor is the position of the last one shown. */
export function found(desk: Desk, member: Member, query: TicketQuery): Page<Ticket> {
  const words = searchWords(query.search);
  const entries = [...desk.tickets.values()]
    .filter((entry) => entry.memberId === member.id)
    .filter(({ ticket }) => query.filter === "all" || ticket.status === query.filter)
    .filter((entry) => query.cursor === undefined || entry.changed < Number(query.cursor))
    .filter((entry) => has(entry, words))
    .toSorted((left, right) => right.changed - left.changed);
  return page(
    entries,
    query.limit ?? 20,
    (entry) => entry.ticket,
    (entry) => String(entry.changed),
  );
}

function has({ ticket, messages }: TicketEntry, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const shown = messages.flatMap((entry) => (entry.internal ? [] : [entry.message.text]));
  const whole = fold([`#${ticket.number}`, ticket.title, ...shown].join("\n"));
  return words.every((word) => whole.includes(word));
}

/** The first `size` of the rest, and where the next page begins. */
function page<E, T>(rest: readonly E[], size: number, item: (entry: E) => T, cursor: (entry: E) => string): Page<T> {
  const shown = rest.slice(0, size);
  const last = shown.at(-1);
  const more = last !== undefined && rest.length > shown.length;
  return { items: shown.map((entry) => item(entry)), ...(more ? { next: cursor(last) } : {}) };
}
