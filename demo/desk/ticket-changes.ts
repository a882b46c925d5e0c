import type { Author, TicketStatus } from "../../src/core/contract/adapter.ts";
import type { Place } from "./messages.ts";
import type { Desk } from "./parts.ts";
import type { TicketRow } from "./tickets.ts";

/**
 * Inside a transaction, after what the author wrote or did: a line in the thread where the state is a new one, then the
 * ticket as it stands now.
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
