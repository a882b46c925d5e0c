import type * as v from "valibot";
import type { CallContext } from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import { createDeskClient, type DeskClient } from "../shared/desk-client.ts";
import { createDeskGuard, type DeskGuard } from "../shared/desk-guard.ts";
import { createKept } from "../shared/kept.ts";
import { verifiedMember } from "../shared/verified-email.ts";
import type { Settings } from "./options.ts";
import { listOf, queue as queueSchema, ticket as ticketSchema, type RtTicket } from "./schemas.ts";
import { createSingleAddress } from "./single-address.ts";
import { anyOf, quoted } from "./sql.ts";

/** The connection to RT, and what every part asks of it. */
export interface Desk {
  readonly settings: Settings;
  readonly client: DeskClient;
  readonly guard: DeskGuard;
  /** Aborts when the adapter is disposed of. */
  readonly closed: AbortSignal;
  /**
   * Who asks, by their verified e-mail. Rejects with `unauthorized` when nobody does, with `forbidden` for whom the
   * address says too little: a guest, an address that is none, one that two users of RT have.
   */
  asker(ctx: CallContext): Promise<Asker>;
  /** TicketSQL: what is this member's, in this queue. Deleted and merged tickets are never among it. */
  scope(asker: Pick<Asker, "email">): string;
  tickets(query: TicketsQuery, signal: AbortSignal): Promise<Tickets>;
  /** The member's own ticket. Rejects with `not-found` for another's, as for one that is not there. */
  ticket(ticketId: string, asker: Asker, signal: AbortSignal): Promise<RtTicket>;
  /** The custom fields of the queue, by name. Read anew once a minute. */
  customFields(signal: AbortSignal): Promise<CustomFields>;
}

export interface Asker {
  /** In lower case. */
  readonly email: string;
  readonly id: string;
  readonly name: string | undefined;
}

export interface TicketsQuery {
  /** TicketSQL. */
  readonly where: string;
  readonly limit?: number;
}

export interface Tickets {
  readonly items: readonly RtTicket[];
  readonly total: number;
}

export interface CustomFields {
  readonly ticket: ReadonlyMap<string, string>;
  readonly transaction: ReadonlyMap<string, string>;
}

/** The custom fields that Podpora itself writes to. */
export const ownFields = {
  ref: "Podpora Ref",
  member: "Podpora Member",
  context: "Podpora Context",
  rating: "CSAT",
  ratingComment: "CSAT Comment",
} as const;

export const KEPT_MS = 60_000;
const ticketFields = [
  ["fields", "Subject,Status,Created,LastUpdated,LastUpdatedBy,Requestor,CustomFields"],
  ["fields[LastUpdatedBy]", "id"],
  ["fields[Requestor]", "id,EmailAddress,RealName"],
] as const;

export function createDesk(settings: Settings, closed: AbortSignal): Desk {
  const { url, token, queue, callMs } = settings;
  const guard = createDeskGuard("Request Tracker");
  const client = createDeskClient({
    guard,
    desk: "Request Tracker",
    url: `${url}/REST/2.0`,
    headers: { Authorization: `token ${token}` },
    ...(callMs === undefined ? {} : { callMs }),
  });
  const requireSingle = createSingleAddress(client, closed);

  const desk: Desk = {
    settings,
    client,
    guard,
    closed,
    async asker(ctx) {
      const { member, email } = verifiedMember(ctx);
      if (!isAddress(email)) {
        throw new AdapterError(
          "forbidden",
          "Request Tracker knows members by their e-mail: the token needs a good one",
        );
      }
      await requireSingle(email, ctx.signal);
      return { email, id: member.id, name: member.name };
    },
    scope: ({ email }) => `Queue = ${quoted(queue)} AND Requestor.EmailAddress = ${quoted(email)}`,
    async tickets({ where, limit = 100 }, signal) {
      const path = pathOf("/tickets", [["query", where], ["per_page", limit], ...ticketFields, ...lastChangedFirst]);
      const found = await client.json({ path }, listOf(ticketSchema), signal);
      return { items: found.items, total: knownTotal(found.total) };
    },
    async ticket(ticketId, asker, signal) {
      const absent = new AdapterError("not-found", `there is no ticket "${ticketId}"`);
      if (!/^[1-9]\d{0,14}$/.test(ticketId)) throw absent;
      const { items } = await desk.tickets({ where: `id = ${ticketId} AND ${desk.scope(asker)}` }, signal);
      const found = items.find((each) => each.id === ticketId && isOf(each, asker.email));
      if (found === undefined) throw absent;
      return found;
    },
    customFields: createKept(KEPT_MS, async () => {
      return byName(await client.json({ path: `/queue/${encodeURIComponent(queue)}` }, queueSchema, closed));
    }),
  };
  return desk;
}

/** The id parts those of one second. */
export const lastChangedFirst = [
  ["orderby", "LastUpdated"],
  ["order", "DESC"],
  ["orderby", "id"],
  ["order", "DESC"],
] as const;

/** RT takes the same name more than once. */
export function pathOf(path: string, query: readonly (readonly [name: string, value: string | number])[]): string {
  return `${path}?${new URLSearchParams(query.map(([name, value]) => [name, String(value)]))}`;
}

/** What TicketSQL found is held against the address once more: a search is no check. */
export function isOf(ticket: RtTicket, email: string): boolean {
  return ticket.Requestor.some((each) => each.EmailAddress.toLowerCase() === email);
}

export function knownTotal(total: number | null): number {
  if (total !== null) return total;
  throw new AdapterError(
    "unavailable",
    "Request Tracker does not say how many there are: set UseSQLForACLChecks in it",
  );
}

/** The first value of a custom field. */
export function valueOf(record: Pick<RtTicket, "CustomFields">, name: string): string | undefined {
  return record.CustomFields.find((field) => field.name === name)?.values[0];
}

export function requireField(fields: ReadonlyMap<string, string>, name: string, kind: string): void {
  if (fields.has(name)) return;
  throw new AdapterError(
    "unavailable",
    `the queue has no ${kind} custom field "${name}", or the account may not see it`,
  );
}

export function ticketsById(ids: readonly string[]): string {
  return anyOf(ids.map((id) => `id = ${id}`));
}

/**
 * One address, in the plain form that people have. A quoted local part, a comment or a list is none: RT would read more
 * than one address out of it.
 */
function isAddress(email: string): boolean {
  return email.length <= 120 && /^[^\s@\p{C}"(),:;<>[\\\]]+@[^\s@\p{C}"'(),:;<>[\\\]]+$/u.test(email);
}

function byName(queue: v.InferOutput<typeof queueSchema>): CustomFields {
  const map = (fields: (typeof queue)["TicketCustomFields"]) => new Map(fields.map(({ id, name }) => [name, id]));
  return { ticket: map(queue.TicketCustomFields), transaction: map(queue.TicketTransactionCustomFields) };
}
