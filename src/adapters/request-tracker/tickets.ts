import type { CallContext, Rating, Ticket, TicketsApi } from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import { checkRating } from "../shared/rating.ts";
import { createCreate } from "./create.ts";
import { ownFields, requireField, valueOf, type Desk } from "./desk.ts";
import { createEvents } from "./events.ts";
import { createForm } from "./fields.ts";
import { countTickets, listTickets } from "./list.ts";
import type { Poller } from "./poller.ts";
import { createReply } from "./reply.ts";
import { anything } from "./schemas.ts";
import { statusOf } from "./statuses.ts";
import { readThread } from "./thread.ts";
import { shownOne } from "./ticket.ts";

export function createTickets(desk: Desk, poller: Poller): Required<TicketsApi> {
  const form = createForm(desk);
  const create = createCreate(desk, form);
  const reply = createReply(desk);
  /** What a member does shows at once wherever they look. */
  const told = async <T>(work: Promise<T>): Promise<T> => {
    const result = await work;
    poller.wake();
    return result;
  };

  return {
    create: async (draft, ctx) => await told(create(draft, ctx)),
    list: async (query, ctx) => await listTickets(desk, query, ctx),
    counts: async (ctx) => await countTickets(desk, ctx),
    async get(ticketId, ctx) {
      const asker = await desk.asker(ctx);
      return await shownOne(desk, await desk.ticket(ticketId, asker, ctx.signal), ctx.signal);
    },
    thread: async (ticketId, after, ctx) => await readThread(desk, ticketId, after, ctx),
    reply: async (ticketId, draft, ctx) => await told(reply(ticketId, draft, ctx)),
    setStatus: async (ticketId, status, ctx) => await told(setStatus(desk, ticketId, status, ctx)),
    rate: async (ticketId, rating, ctx) => await told(rate(desk, ticketId, rating, ctx)),
    async fields(ctx) {
      await desk.asker(ctx);
      return await form(ctx.signal);
    },
    events: createEvents(desk, poller),
  };
}

async function setStatus(desk: Desk, ticketId: string, wanted: "open" | "resolved", ctx: CallContext): Promise<Ticket> {
  const { statuses } = desk.settings;
  const asker = await desk.asker(ctx);
  const ticket = await desk.ticket(ticketId, asker, ctx.signal);
  if (statusOf(statuses, ticket.Status) === wanted) return await shownOne(desk, ticket, ctx.signal);
  const Status = wanted === "open" ? statuses.reopenTo : statuses.resolved[0];
  await desk.client.done({ method: "PUT", path: `/ticket/${ticket.id}`, json: { Status } }, ctx.signal);
  // RT answers 200 to what it refuses.
  const now = await desk.ticket(ticketId, asker, ctx.signal);
  if (statusOf(statuses, now.Status) !== wanted) {
    const fault = `ticket ${ticketId} stayed "${now.Status}": its lifecycle has no way to "${Status ?? ""}"`;
    throw new AdapterError("unavailable", `${fault}, or the right ModifyTicket is missing`);
  }
  return await shownOne(desk, now, ctx.signal);
}

async function rate(desk: Desk, ticketId: string, rating: Rating, ctx: CallContext): Promise<Ticket> {
  const asker = await desk.asker(ctx);
  const ticket = await desk.ticket(ticketId, asker, ctx.signal);
  checkRating(rating, statusOf(desk.settings.statuses, ticket.Status));
  const { score } = rating;
  const comment = rating.comment || undefined;
  const known = (await desk.customFields(ctx.signal)).ticket;
  requireField(known, ownFields.rating, "ticket");
  if (comment !== undefined) requireField(known, ownFields.ratingComment, "ticket");
  const CustomFields = {
    [ownFields.rating]: String(score),
    ...(known.has(ownFields.ratingComment) ? { [ownFields.ratingComment]: comment ?? null } : {}),
  };
  await desk.client.json({ method: "PUT", path: `/ticket/${ticket.id}`, json: { CustomFields } }, anything, ctx.signal);
  const now = await desk.ticket(ticketId, asker, ctx.signal);
  if (valueOf(now, ownFields.rating) !== String(score) || valueOf(now, ownFields.ratingComment) !== comment) {
    throw new AdapterError(
      "unavailable",
      "Request Tracker did not keep the rating: give the account ModifyCustomField",
    );
  }
  return await shownOne(desk, now, ctx.signal);
}
