import { ratingOf, type Author, type Ticket } from "../../adapter/index.ts";
import { anyOf, ownFields, PAGE, valueOf, type Desk } from "./desk.ts";
import type { RtTicket, RtTransaction } from "./schemas.ts";

/** The last change of a ticket that its member may see. RT's own LastUpdated includes internal comments. */
interface Latest {
  readonly id: number;
  readonly at: string;
  readonly by: Written;
}

/** The part of a change that says who made it. */
type Written = Pick<RtTransaction, "Creator" | "CustomFields">;

/** RT's own account for automatic changes. */
const SYSTEM_ID = "1";
const PAGES = 3;

/** The history that a member may see: messages, and changes of status. Comments are only for agents. */
export const shownTypes = "(Type = 'Create' OR Type = 'Correspond' OR Type = 'Status')";

/**
 * The tickets as the member with this address sees them, in the same order, except that within one second changed ones
 * come first.
 */
export async function shown(
  desk: Desk,
  tickets: readonly RtTicket[],
  email: string,
  signal: AbortSignal,
): Promise<readonly Ticket[]> {
  const latest = await latestOf(desk, tickets, signal);
  const place = ({ id }: RtTicket): number => latest.get(id)?.id ?? 0;
  return tickets
    .toSorted((left, right) => {
      if (left.LastUpdated !== right.LastUpdated) return left.LastUpdated < right.LastUpdated ? 1 : -1;
      return place(right) - place(left) || Number(right.id) - Number(left.id);
    })
    .map((ticket) => ticketOf(desk, ticket, email, latest.get(ticket.id)));
}

export async function shownOne(desk: Desk, ticket: RtTicket, email: string, signal: AbortSignal): Promise<Ticket> {
  return ticketOf(desk, ticket, email, (await latestOf(desk, [ticket], signal)).get(ticket.id));
}

export function ticketOf(desk: Desk, raw: RtTicket, email: string, latest: Latest | undefined): Ticket {
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
    updatedBy: roleOf(desk, raw, email, latest?.by ?? { Creator: raw.LastUpdatedBy, CustomFields: [] }),
    ...(rating === undefined ? {} : { rating }),
  };
}

/** What the author is to the member with this address. */
export function roleOf(desk: Desk, ticket: RtTicket, email: string, written: Written): Author["role"] {
  const requestor = requestorOf(desk, ticket, written);
  if (requestor !== undefined) return requestor.email === email ? "member" : "participant";
  if (written.Creator.id === SYSTEM_ID) return "system";
  return ticket.Cc.some(({ id }) => id === written.Creator.id) ? "participant" : "agent";
}

/** The requestor who wrote it: by mail or in RT's self service, or through the gateway, which stores the author. */
export function requestorOf({ settings }: Desk, { Requestor }: RtTicket, { Creator, CustomFields }: Written) {
  const isGateway = Creator.id === settings.accountId;
  const requestor = Requestor.find(({ id }) => id === Creator.id) ?? (isGateway ? Requestor[0] : undefined);
  if (requestor === undefined) return undefined;
  // "Lena <lena@example.org>", or the address alone.
  const stored = /^(?:(.*) <)?([^<>]+)>?$/.exec((isGateway && valueOf({ CustomFields }, ownFields.member)) || "");
  const [, name = requestor.RealName, email = requestor.EmailAddress.toLowerCase()] = stored ?? [];
  return { id: requestor.id, name, email };
}

export function isSystem({ Creator }: RtTransaction): boolean {
  return Creator.id === SYSTEM_ID;
}

/**
 * Read for all of them together. A ticket with very many recent changes may use up the page: the others then have RT's
 * own time.
 */
export async function latestOf(desk: Desk, tickets: readonly RtTicket[], signal: AbortSignal) {
  const latest = new Map<string, Latest>();
  let missing = tickets;
  for (let page = 0; page < PAGES && missing.length > 0; page += 1) {
    const where = `${shownTypes} AND ${anyOf(missing.map(({ id }) => `TicketId = ${id}`))}`;
    // oxlint-disable-next-line no-await-in-loop -- each asks for what the one before did not have
    const found = await desk.transactions({ where, limit: PAGE, order: "DESC" }, signal);
    for (const each of found) {
      const ticket = missing.find(({ id }) => id === each.ObjectId);
      if (ticket === undefined || latest.has(ticket.id) || isSystem(each)) continue;
      const isCreation = each.Type === "Create";
      latest.set(ticket.id, {
        id: isCreation ? 0 : Number(each.id),
        at: isCreation ? ticket.Created : each.Created,
        by: each,
      });
    }
    if (found.length < PAGE) break;
    missing = missing.filter(({ id }) => !latest.has(id));
  }
  return latest;
}
