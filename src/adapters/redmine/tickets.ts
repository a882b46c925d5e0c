import type { TicketsApi } from "../../core/contract/adapter.ts";
import { createChanges } from "./changes.ts";
import { createCreate } from "./create.ts";
import { createEvents } from "./events.ts";
import { ownIssue, type Desk } from "./issues.ts";
import { createList } from "./list.ts";
import { createPoller } from "./poller.ts";
import type { FileTokens } from "./uploads.ts";

const PAGE = 50;

export function createTickets(desk: Desk, tokens: FileTokens): TicketsApi {
  const poller = createPoller(desk);
  const changes = createChanges(desk, tokens, () => poller.wake());
  return {
    create: createCreate(desk, tokens, () => poller.wake()),
    ...createList(desk),
    reply: async (ticketId, draft, ctx) => await changes.reply(ticketId, draft, ctx),
    setStatus: async (ticketId, status, ctx) => await changes.setStatus(ticketId, status, ctx),
    ...(desk.settings.ratingField === undefined
      ? {}
      : { rate: async (ticketId, rating, ctx) => await changes.rate(ticketId, rating, ctx) }),
    events: createEvents(desk, poller),

    async get(ticketId, ctx) {
      return (await ownIssue(desk, ticketId, ctx)).ticket;
    },

    async thread(ticketId, after, ctx) {
      const { steps } = await ownIssue(desk, ticketId, ctx);
      const messages = steps.flatMap((step) => step.messages);
      const rest = messages.slice(messages.findIndex(({ id }) => id === after) + 1);
      const items = rest.slice(0, PAGE);
      const last = items.at(-1);
      return { items, ...(last && rest.length > PAGE ? { next: last.id } : {}) };
    },

    async fields(ctx) {
      await desk.customers.find(ctx);
      return (await desk.facts(ctx.signal)).form.map(({ field }) => field);
    },
  };
}
