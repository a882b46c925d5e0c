import {
  AdapterError,
  createBreaker,
  createCached,
  createDeskClient,
  eachChunk,
  statusMap,
  type Breaker,
  type DeskClient,
  type HeldUploads,
  type StatusMap,
} from "../../adapter/index.ts";
import type { Settings } from "./options.ts";
import { createPeople, type Requester, type People } from "./people.ts";
import * as schemas from "./schemas.ts";
import type { RtTicket, RtTransaction } from "./schemas.ts";

/** The connection to RT, and the calls that every part needs. */
export interface Desk {
  readonly settings: Settings;
  readonly client: DeskClient;
  readonly breaker: Breaker;
  readonly people: People;
  readonly statuses: StatusMap;
  /** Tickets by TicketSQL, last changed first. */
  tickets(where: string, limit: number, signal: AbortSignal): Promise<{ items: readonly RtTicket[]; total: number }>;
  /** These tickets as they are now; tickets of other queues are omitted. */
  ticketsById(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, RtTicket>>;
  /** The member's own ticket. Rejects with `not-found` for another member's, as for a missing one. */
  ticket(ticketId: string, requester: Requester, signal: AbortSignal): Promise<RtTicket>;
  transactions(query: TransactionsQuery, signal: AbortSignal): Promise<readonly RtTransaction[]>;
  /** The ids of the queue's custom fields, by name. Cached for a minute. */
  customFields(signal: AbortSignal): Promise<CustomFields>;
}

export interface TransactionsQuery {
  /** TransactionSQL. It must name types that the account may see: RT counts hidden ones in a page, but omits them. */
  readonly where: string;
  readonly limit: number;
  readonly order?: "ASC" | "DESC";
  readonly page?: number;
}

export interface CustomFields {
  readonly ticket: ReadonlyMap<string, string>;
  readonly transaction: ReadonlyMap<string, string>;
}

export type Uploads = HeldUploads | undefined;

/** The custom fields that Podpora itself writes to. */
export const ownFields = {
  ref: "Podpora Ref",
  member: "Podpora Member",
  context: "Podpora Context",
  rating: "CSAT",
  ratingComment: "CSAT Comment",
} as const;

/** The maximum that RT returns per call. */
export const PAGE = 100;
export const KEPT_MS = 60_000;
/** The id orders those of one second. */
export const lastChangedFirst = [
  ["orderby", "LastUpdated"],
  ["order", "DESC"],
  ["orderby", "id"],
  ["order", "DESC"],
] as const;
const ticketFields = [
  ["fields", "Subject,Status,Created,LastUpdated,LastUpdatedBy,Requestor,Cc,CustomFields"],
  ["fields[LastUpdatedBy]", "id"],
  ["fields[Requestor]", "id,EmailAddress,RealName"],
  ["fields[Cc]", "id"],
] as const;
const transactionFields = [
  ["fields", "Type,Field,OldValue,NewValue,ObjectId,Created,Creator,CustomFields"],
  ["fields[Creator]", "id,Name,RealName"],
] as const;

export function createDesk(settings: Settings, closed: AbortSignal): Desk {
  const { callMs, queue, token, url } = settings;
  const breaker = createBreaker("Request Tracker");
  const client = createDeskClient({
    guard: breaker,
    desk: "Request Tracker",
    url: `${url}/REST/2.0`,
    headers: { Authorization: `token ${token}` },
    ...(callMs === undefined ? {} : { callMs }),
  });
  const desk: Desk = {
    settings,
    client,
    breaker,
    people: createPeople(client, closed),
    statuses: statusMap(settings.statuses),
    async tickets(where, limit, signal) {
      const path = pathOf("/tickets", [["query", where], ["per_page", limit], ...ticketFields, ...lastChangedFirst]);
      const { items, total } = await client.json({ path }, schemas.listOf(schemas.ticket), signal);
      return { items, total: knownTotal(total) };
    },
    async ticketsById(ids, signal) {
      const found = new Map<string, RtTicket>();
      await eachChunk([...new Set(ids)], PAGE, async (some) => {
        const where = `Queue = ${quoted(queue)} AND ${anyOf(some.map((id) => `id = ${id}`))}`;
        for (const item of (await desk.tickets(where, PAGE, signal)).items) found.set(item.id, item);
      });
      return found;
    },
    async ticket(ticketId, requester, signal) {
      const absent = new AdapterError("not-found", `there is no ticket "${ticketId}"`);
      if (!/^[1-9]\d{0,14}$/.test(ticketId)) throw absent;
      const { items } = await desk.tickets(`id = ${ticketId} AND ${scopeOf(desk, requester.email)}`, 1, signal);
      const found = items.find((each) => each.id === ticketId && isOf(each, requester.email));
      if (found === undefined) throw absent;
      return found;
    },
    async transactions({ limit, order = "ASC", page = 1, where }, signal) {
      // Users and groups have transactions too, with the same ids as tickets.
      const query = `ObjectType = 'RT::Ticket' AND (${where})`;
      const pages = [
        ["orderby", "id"],
        ["order", order],
        ["per_page", limit],
        ["page", page],
      ] as const;
      const path = pathOf("/transactions", [["query", query], ...pages, ...transactionFields]);
      return (await client.json({ path }, schemas.listOf(schemas.transaction), signal)).items;
    },
    customFields: createCached(KEPT_MS, async () => {
      const path = `/queue/${encodeURIComponent(queue)}`;
      const { TicketCustomFields, TicketTransactionCustomFields } = await client.json({ path }, schemas.queue, closed);
      const byName = (fields: typeof TicketCustomFields) => new Map(fields.map(({ id, name }) => [name, id]));
      return { ticket: byName(TicketCustomFields), transaction: byName(TicketTransactionCustomFields) };
    }),
  };
  return desk;
}

/** TicketSQL: the member's tickets in this queue. Deleted and merged tickets are never included. */
export function scopeOf({ settings }: Desk, email: string): string {
  return `Queue = ${quoted(settings.queue)} AND Requestor.EmailAddress = ${quoted(email)}`;
}

/** RT accepts a repeated name. */
export function pathOf(path: string, query: readonly (readonly [name: string, value: string | number])[]): string {
  return `${path}?${new URLSearchParams(query.map(([name, value]) => [name, String(value)]))}`;
}

/** Tickets found by TicketSQL are compared with the address again: a search is no access check. */
export function isOf(ticket: RtTicket, email: string): boolean {
  return addressesOf(ticket).includes(email);
}

export function addressesOf({ Requestor }: { readonly Requestor: readonly { readonly EmailAddress: string }[] }) {
  return Requestor.map(({ EmailAddress }) => EmailAddress.toLowerCase());
}

export function knownTotal(total: number | null): number {
  if (total !== null) return total;
  throw unavailable("Request Tracker does not return the number of results: set UseSQLForACLChecks in it");
}

/** The first value of a custom field. */
export function valueOf(record: Pick<RtTicket, "CustomFields">, name: string): string | undefined {
  return record.CustomFields.find((field) => field.name === name)?.values[0];
}

export function requireField(fields: ReadonlyMap<string, string>, name: string, kind: string): void {
  if (!fields.has(name)) {
    throw unavailable(`the queue has no ${kind} custom field "${name}", or the account may not see it`);
  }
}

/** The desk is set up wrongly: the member cannot fix that. */
export function unavailable(message: string): AdapterError {
  return new AdapterError("unavailable", message);
}

/** An escaped value in TicketSQL and TransactionSQL. */
export function quoted(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", String.raw`\'`)}'`;
}

/** "(a OR b)"; for an empty list, a condition that nothing matches. */
export function anyOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? "id = 0" : `(${conditions.join(" OR ")})`;
}
