import type { Author, Ticket } from "../../core/contract/adapter.ts";
import { ratingOf } from "../shared/rating.ts";
import { ownFields, valueOf, type Desk } from "./desk.ts";
import type { RtTicket } from "./schemas.ts";
import { anyOf } from "./sql.ts";
import { labelOf, statusOf } from "./statuses.ts";
import { isSystem, roleOf, shownTypes, transactionsOf } from "./transactions.ts";

/** The last thing about a ticket that its member may see. RT's own LastUpdated tells of internal comments too. */
interface Latest {
  readonly id: number;
  readonly at: string;
  readonly by: Author["role"];
  readonly isCreation: boolean;
}

const PAGE = 100;
const PAGES = 3;

/** The tickets as the member sees them, in the same order but for those of one second: there, changed ones go first. */
export async function shown(desk: Desk, tickets: readonly RtTicket[], signal: AbortSignal): Promise<readonly Ticket[]> {
  const latest = await latestOf(desk, tickets, signal);
  const place = (ticket: RtTicket): number => {
    const last = latest.get(ticket.id);
    return last === undefined || last.isCreation ? 0 : last.id;
  };
  return tickets
    .toSorted((left, right) => {
      if (left.LastUpdated !== right.LastUpdated) return left.LastUpdated < right.LastUpdated ? 1 : -1;
      return place(right) - place(left) || Number(right.id) - Number(left.id);
    })
    .map((ticket) => asTicket(desk, ticket, latest.get(ticket.id)));
}

export async function shownOne(desk: Desk, ticket: RtTicket, signal: AbortSignal): Promise<Ticket> {
  return asTicket(desk, ticket, (await latestOf(desk, [ticket], signal)).get(ticket.id));
}

/** One that was made just now: nothing else has happened to it. */
export function asMade(desk: Desk, ticket: RtTicket): Ticket {
  return asTicket(desk, ticket, { id: 0, at: ticket.Created, by: "member", isCreation: true });
}

function asTicket(desk: Desk, raw: RtTicket, latest: Latest | undefined): Ticket {
  const { statuses } = desk.settings;
  const label = labelOf(statuses, raw.Status);
  const rating = ratingOf(valueOf(raw, ownFields.rating), valueOf(raw, ownFields.ratingComment));
  return {
    id: raw.id,
    number: raw.id,
    title: raw.Subject,
    status: statusOf(statuses, raw.Status),
    ...(label === undefined ? {} : { statusLabel: label }),
    createdAt: raw.Created,
    updatedAt: latest?.at ?? raw.LastUpdated,
    updatedBy: latest?.by ?? roleOf(desk, raw, raw.LastUpdatedBy.id),
    ...(rating === undefined ? {} : { rating }),
  };
}

/** Read for all of them together. A ticket with very much of late may leave others without: they have RT's own time then. */
async function latestOf(
  desk: Desk,
  tickets: readonly RtTicket[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Latest>> {
  const latest = new Map<string, Latest>();
  const where = (missing: readonly RtTicket[]) =>
    `${shownTypes} AND ${anyOf(missing.map(({ id }) => `TicketId = ${id}`))}`;
  let missing = tickets;
  for (let page = 0; page < PAGES && missing.length > 0; page += 1) {
    // oxlint-disable-next-line no-await-in-loop -- each asks for what the one before did not have
    const found = await transactionsOf(desk, { where: where(missing), limit: PAGE, order: "DESC" }, signal);
    for (const each of found) {
      const ticket = missing.find(({ id }) => id === each.ObjectId);
      if (ticket === undefined || latest.has(ticket.id) || isSystem(each)) continue;
      latest.set(ticket.id, {
        id: Number(each.id),
        at: each.Type === "Create" ? ticket.Created : each.Created,
        by: roleOf(desk, ticket, each.Creator.id),
        isCreation: each.Type === "Create",
      });
    }
    if (found.length < PAGE) break;
    missing = missing.filter(({ id }) => !latest.has(id));
  }
  return latest;
}
