import type { Author, TicketStatus } from "../../src/core/contract/adapter.ts";
import type { Place } from "./messages.ts";
import type { Desk } from "./parts.ts";
import type { TicketRow } from "./tickets.ts";

/**
 * Call it inside a transaction, after the author's message or action. Adds a status line to the thread if the status
 * changed, then updates the ticket.
 */
export function settle(
  { messages, tickets }: Pick<Desk, "messages" | "tickets">,
  row: TicketRow,
  author: Author,
  status: TicketStatus,
): TicketRow {
  if (row.status !== status) messages.add(placeOf(row), { author, text: "", change: status });
  return tickets.touch({ ...row, status }, author.role);
}

export function placeOf(row: TicketRow): Place {
  return { ticketId: row.id, memberId: row.memberId };
}
