import type { TicketsApi } from "../../core/contract/adapter.ts";
import { pageBefore } from "../../adapter/index.ts";
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

    async thread(ticketId, before, ctx) {
      const { id, steps } = await ownThread(desk, ticketId, ctx);
      const keyed = steps.map((step) => ({ id: step.entry.key, step }));
      const { items: page, ...more } = pageBefore(keyed, before, PAGE);
      const shown = page.map(({ step }) => step);
      return { items: await messagesOf(bodies, id, shown, askerOf(ctx), ctx.signal), ...more };
    },
  };
}
