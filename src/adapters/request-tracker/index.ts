import { signedHook, type Adapter } from "../../adapter/index.ts";
import { readChanges } from "./changes.ts";
import { check } from "./check.ts";
import { createCreate, TITLE_MAX } from "./create.ts";
import { createDesk } from "./desk.ts";
import { createErase } from "./erase.ts";
import { createUploads } from "./files.ts";
import { createForm } from "./form.ts";
import { countTickets, listTickets } from "./list.ts";
import { settingsOf, type RequestTrackerOptions } from "./options.ts";
import { createAccounts } from "./people.ts";
import { rate, reply, setStatus } from "./reply.ts";
import { hook as schema } from "./schemas.ts";
import { readThread } from "./thread.ts";
import { shownOne } from "./ticket.ts";

export type { RequestTrackerOptions, Statuses } from "./options.ts";

const ASKED_MOST = 100;

/**
 * Request Tracker 5 over REST 2, for a gateway: its token must never reach a browser. See
 * docs/desks/request-tracker.md.
 */
export function requestTracker(options: RequestTrackerOptions): Adapter {
  const settings = settingsOf(options);
  const closing = new AbortController();
  const desk = createDesk(settings, closing.signal);
  const form = createForm(desk, closing.signal);
  const uploads = createUploads(desk);
  /** Tickets named by the web hook since the last poll. At a copy that does not poll, the first ones stay. */
  const asked = new Set<string>();
  const heard = (text: string) => void (asked.size < ASKED_MOST && asked.add(String(JSON.parse(text).ticket)));
  const { hookSecret: secret } = settings;
  const hook = { desk: "Request Tracker", header: "X-Podpora-Signature", body: schema, heard };

  return {
    name: "request-tracker",
    tickets: {
      limits: { title: TITLE_MAX },
      create: createCreate(desk, form, uploads),
      list: (query, ctx) => listTickets(desk, query, ctx),
      counts: (ctx) => countTickets(desk, ctx),
      async get(ticketId, ctx) {
        const requester = await desk.people.requester(ctx);
        const ticket = await desk.ticket(ticketId, requester, ctx.signal);
        return await shownOne(desk, ticket, requester.email, ctx.signal);
      },
      thread: (ticketId, before, ctx) => readThread(desk, ticketId, before, ctx),
      reply: (ticketId, draft, ctx) => reply(desk, uploads, ticketId, draft, ctx),
      setStatus: (ticketId, status, ctx) => setStatus(desk, ticketId, status, ctx),
      rate: (ticketId, rating, ctx) => rate(desk, ticketId, rating, ctx),
      async fields(ctx) {
        await desk.people.requester(ctx);
        return await form(ctx.signal);
      },
    },
    changes: (cursor, ctx) => readChanges(desk, asked, cursor, ctx),
    people: { key: (member) => desk.people.key(member) },
    ...(uploads === undefined ? {} : { uploads: uploads.api }),
    accounts: createAccounts(desk.client),
    ...(secret === undefined ? {} : { hooks: { "request-tracker": signedHook({ ...hook, secret }) } }),
    check: (signal) => check(desk, signal),
    state: () => (desk.breaker.isAway ? { tickets: "away" } : {}),
    erase: createErase(desk),
    dispose: () => closing.abort(),
  };
}
