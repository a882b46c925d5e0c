import { ratingOf, type Author, type Ticket } from "../../adapter/index.ts";
import { anyOf, ownFields, PAGE, valueOf, type Desk } from "./desk.ts";
import type { RtTicket, RtTransaction } from "./schemas.ts";

/** The last change of a ticket that its member may see. RT's own LastUpdated includes internal comments. */
interface Latest {
  readonly id: number;
  readonly at: string;
  readonly by: Author["role"];
}

/** RT's own account for automatic changes. */
const SYSTEM_ID = "1";
const PAGES = 3;

/** The history that a member may see: messages, and changes of status. Comments are only for agents. */
export const shownTypes = "(Type = 'Create' OR Type = 'Correspond' OR Type = 'Status')";

/** The tickets as the member sees them, in the same order, except that within one second changed ones come first. */
export async function shown(desk: Desk, tickets: readonly RtTicket[], signal: AbortSignal): Promise<readonly Ticket[]> {
  const latest = await latestOf(desk, tickets, signal);
  const place = ({ id }: RtTicket): number => latest.get(id)?.id ?? 0;
  return tickets
    .toSorted((left, right) => {
      if (left.LastUpdated !== right.LastUpdated) return left.LastUpdated < right.LastUpdated ? 1 : -1;
      return place(right) - place(left) || Number(right.id) - Number(left.id);
    })
    .map((ticket) => ticketOf(desk, ticket, latest.get(ticket.id)));
}

export async function shownOne(desk: Desk, ticket: RtTicket, signal: AbortSignal): Promise<Ticket> {
  return ticketOf(desk, ticket, (await latestOf(desk, [ticket], signal)).get(ticket.id));
}

/** `latest`: for a ticket that was just created, its creation. */
export function ticketOf(desk: Desk, raw: RtTicket, latest: Latest | undefined): Ticket {
  const label = desk.statuses.label(raw.Status);
  const rating = ratingOf(valueOf(raw, ownFields.rating), valueOf(raw, ownFields.ratingComment));
  return {
    id: raw.id,
    number: raw.id,
    title: raw.Subject,
    status: desk.statuses.of(raw.Status),
    ...(label === undefined ? {} : { statusLabel: label }),
    createdAt: raw.Created,
    updatedAt: latest?.at ?? raw.LastUpdated,
    updatedBy: latest?.by ?? roleOf(desk, raw, raw.LastUpdatedBy.id),
    ...(rating === undefined ? {} : { rating }),
  };
}

/** The gateway and the ticket's requestors write for the member. */
export function roleOf(desk: Desk, ticket: RtTicket, personId: string): Author["role"] {
  if (personId === desk.settings.accountId || ticket.Requestor.some(({ id }) => id === personId)) return "member";
  return personId === SYSTEM_ID ? "system" : "agent";
}

export function isSystem({ Creator }: RtTransaction): boolean {
  return Creator.id === SYSTEM_ID;
}

/**
 * Read for all of them together. A ticket with very many recent changes may use up the page: the others then have RT's
 * own time.
 */
async function latestOf(desk: Desk, tickets: readonly RtTicket[], signal: AbortSignal) {
  const latest = new Map<string, Latest>();
  let missing = tickets;
  for (let page = 0; page < PAGES && missing.length > 0; page += 1) {
    const where = `${shownTypes} AND ${anyOf(missing.map(({ id }) => `TicketId = ${id}`))}`;
    // oxlint-disable-next-line no-await-in-loop -- each asks for what the one before did not have
    const found = await desk.transactions({ where, limit: PAGE, order: "DESC" }, signal);
    for (const each of found) {
      const ticket = missing.find(({ id }) => id === each.ObjectId);
      if (ticket === undefined || latest.has(ticket.id) || isSystem(each)) continue;
      const by = roleOf(desk, ticket, each.Creator.id);
      const isCreation = each.Type === "Create";
      latest.set(ticket.id, {
        id: isCreation ? 0 : Number(each.id),
        at: isCreation ? ticket.Created : each.Created,
        by,
      });
    }
    if (found.length < PAGE) break;
    missing = missing.filter(({ id }) => !latest.has(id));
  }
  return latest;
}
