import type { TicketLimits, TicketsApi } from "../../core/contract/adapter.ts";
import { ticketEvent } from "../../protocol/data.ts";
import { routes } from "../../protocol/routes.ts";
import type { Client } from "./client.ts";
import { streamEvents } from "./events.ts";
import { only } from "./only.ts";

export function createTickets(
  client: Client,
  methods: readonly string[],
  limits: TicketLimits | undefined,
): TicketsApi {
  const all: Required<Omit<TicketsApi, "limits">> = {
    create: async (draft, ctx) => await client.call(routes.createTicket, { body: draft }, ctx),
    list: async (query, ctx) => await client.call(routes.listTickets, { query: { ...query } }, ctx),
    get: async (id, ctx) => await client.call(routes.ticket, { id }, ctx),
    thread: async (id, before, ctx) => await client.call(routes.ticketThread, { id, query: { before } }, ctx),
    reply: async (id, draft, ctx) => await client.call(routes.replyToTicket, { id, body: draft }, ctx),
    setStatus: async (id, status, ctx) => await client.call(routes.setTicketStatus, { id, body: { status } }, ctx),
    rate: async (id, rating, ctx) => await client.call(routes.rateTicket, { id, body: rating }, ctx),
    counts: async (ctx) => await client.call(routes.ticketCounts, {}, ctx),
    fields: async (ctx) => (await client.call(routes.ticketFields, {}, ctx)).items,
    events: (cursor, ctx) => streamEvents(client, routes.ticketEvents.path, ticketEvent, cursor, ctx),
  };
  return { create: all.create, ...(limits && { limits }), ...only(all, methods) };
}
