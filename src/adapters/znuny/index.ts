import { pageBefore, type Adapter } from "../../adapter/index.ts";
import { readChanges } from "./changes.ts";
import { check } from "./check.ts";
import { createCreate, TITLE_MAX } from "./create.ts";
import { createDesk } from "./desk.ts";
import { createErase } from "./erase.ts";
import { createUploads } from "./files.ts";
import { countTickets, listTickets } from "./list.ts";
import { settingsOf, type ZnunyOptions } from "./options.ts";
import { requester, createAccounts, loginOf } from "./people.ts";
import { createReplies } from "./reply.ts";
import { ownTicket } from "./ticket.ts";

export type { ZnunyOptions } from "./options.ts";

const PAGE = 50;

/** Tickets in a queue of Znuny 6.5, over its GenericInterface: see docs/desks/znuny.md. Only for servers. */
export function znuny(options: ZnunyOptions): Adapter {
  const settings = settingsOf(options);
  const closing = new AbortController();
  const desk = createDesk(settings, closing.signal);
  const uploads = createUploads(desk);

  return {
    name: "znuny",
    tickets: {
      limits: { title: TITLE_MAX },
      create: createCreate(desk, uploads),
      list: (query, ctx) => listTickets(desk, query, ctx),
      counts: (ctx) => countTickets(desk, ctx),
      ...createReplies(desk, uploads),
      get: async (ticketId, ctx) => (await ownTicket(desk, ticketId, ctx)).ticket,
      async thread(ticketId, before, ctx) {
        const messages = (await ownTicket(desk, ticketId, ctx)).steps.map(({ message }) => message);
        return pageBefore(messages, before, PAGE);
      },
      async fields(ctx) {
        requester(ctx, settings);
        return settings.fields;
      },
    },
    changes: (cursor, ctx) => readChanges(desk, cursor, ctx),
    people: { key: (member) => loginOf(member, settings) },
    ...(uploads === undefined ? {} : { uploads: uploads.api }),
    accounts: createAccounts(desk),
    check: (signal) => check(desk, signal),
    state: () => (desk.breaker.isAway ? { tickets: "away" } : {}),
    erase: createErase(desk),
    dispose: () => closing.abort(),
  };
}
