import type { TicketsApi } from "../../core/contract/adapter.ts";
import { createBodies } from "./bodies.ts";
import { createChanges } from "./changes.ts";
import { askerOf, ownThread, ticketOf, type Desk } from "./desk.ts";
import { createEvents } from "./events.ts";
import { createList } from "./list.ts";
import { messagesOf } from "./messages.ts";

/** Mails of a thread in one page. */
const PAGE = 50;

export function createTickets(desk: Desk): TicketsApi {
  const bodies = createBodies(desk);
  return {
    ...createChanges(desk, bodies),
    ...createList(desk),
    events: createEvents(desk, bodies),

    async get(ticketId, ctx) {
      return ticketOf(await ownThread(desk, ticketId, ctx));
    },

    async fields(ctx) {
      askerOf(ctx);
      return desk.settings.fields;
    },

    async thread(ticketId, after, ctx) {
      const { id, steps } = await ownThread(desk, ticketId, ctx);
      const rest = steps.slice(steps.findIndex(({ entry }) => entry.key === after) + 1);
      const page = rest.slice(0, PAGE);
      const items = await messagesOf(bodies, id, page, askerOf(ctx), ctx.signal);
      const last = rest.length > PAGE ? page.at(-1) : undefined;
      return { items, ...(last ? { next: last.entry.key } : {}) };
    },
  };
}
