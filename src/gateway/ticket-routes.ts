import type { Hono } from "hono";
import { etag } from "hono/etag";
import type { TicketDraft, TicketLimits, TicketsApi } from "../core/contract/adapter.ts";
import * as requests from "../protocol/requests.ts";
import { routes } from "../protocol/routes.ts";
import { addEndpoint, addStream, type Gate } from "./endpoint.ts";
import type { Feed } from "./feed/feed.ts";
import { offers } from "./offers.ts";
import { Problem } from "./problems.ts";

const area = "tickets";

export function addTicketRoutes(app: Hono, gate: Gate, tickets: TicketsApi, feed: Feed | undefined): void {
  addEndpoint(app, gate, routes.createTicket, {
    area,
    body: requests.ticketDraft,
    handle: async ({ body, ctx }) => {
      checkLengths(body, tickets.limits);
      return await tickets.create(body, ctx);
    },
  });
  // "fields", "counts", "unread" and "events" come before the route that would match them as a ticket's id.
  if (offers(tickets, "fields")) {
    addEndpoint(app, gate, routes.ticketFields, {
      area,
      handle: async ({ ctx }) => ({ items: await tickets.fields(ctx) }),
    });
  }
  if (offers(tickets, "counts")) {
    addEndpoint(app, gate, routes.ticketCounts, { area, handle: async ({ ctx }) => await tickets.counts(ctx) });
  }
  if (feed !== undefined) {
    app.use(routes.unreadTickets.path, etag(), async ({ header }, next) => {
      await next();
      // A browser caches it, and revalidates it.
      header("Cache-Control", "private, no-cache");
      header("Vary", "Authorization", { append: true });
    });
    addEndpoint(app, gate, routes.unreadTickets, { area, handle: async ({ ctx }) => await feed.unread(ctx) });
    addStream(app, gate, routes.ticketEvents, {
      area,
      query: requests.eventsQuery,
      events: ({ query, ctx }) => feed.events(query.cursor, ctx),
    });
  } else if (offers(tickets, "events")) {
    addStream(app, gate, routes.ticketEvents, {
      area,
      query: requests.eventsQuery,
      events: ({ query, ctx }) => tickets.events(query.cursor, ctx),
    });
  }
  if (offers(tickets, "list")) {
    addEndpoint(app, gate, routes.listTickets, {
      area,
      query: requests.ticketQuery,
      handle: async ({ query, ctx }) => await tickets.list(query, ctx),
    });
  }
  if (offers(tickets, "get")) {
    addEndpoint(app, gate, routes.ticket, { area, handle: async ({ id, ctx }) => await tickets.get(id, ctx) });
  }
  if (offers(tickets, "thread")) {
    addEndpoint(app, gate, routes.ticketThread, {
      area,
      query: requests.threadQuery,
      handle: async ({ id, query, ctx }) => await tickets.thread(id, query.before, ctx),
    });
  }
  if (offers(tickets, "reply")) {
    addEndpoint(app, gate, routes.replyToTicket, {
      area,
      body: requests.messageDraft,
      handle: async ({ id, body, ctx }) => await tickets.reply(id, body, ctx),
    });
  }
  if (offers(tickets, "setStatus")) {
    addEndpoint(app, gate, routes.setTicketStatus, {
      area,
      body: requests.statusChange,
      handle: async ({ id, body, ctx }) => await tickets.setStatus(id, body.status, ctx),
    });
  }
  if (offers(tickets, "rate")) {
    addEndpoint(app, gate, routes.rateTicket, {
      area,
      body: requests.rating,
      handle: async ({ id, body, ctx }) => await tickets.rate(id, body, ctx),
    });
  }
}

function checkLengths(draft: Pick<TicketDraft, "title" | "text">, limits: TicketLimits = {}): void {
  const fields: Record<string, string> = {};
  for (const name of ["title", "text"] as const) {
    const most = limits[name] ?? Infinity;
    if (draft[name].length > most) fields[name] = `must not be longer than ${most} characters`;
  }
  if (Object.keys(fields).length > 0) throw new Problem("invalid", "the desk takes less text", { fields });
}
