import { pageBefore, verifiedEmail, type Adapter } from "../../adapter/index.ts";
import { readChanges } from "./changes.ts";
import { createCheck } from "./check.ts";
import { createCreate, TITLE_MAX } from "./create.ts";
import { createApi, createFacts, type Desk } from "./desk.ts";
import { createErase } from "./erase.ts";
import { createUploads } from "./files.ts";
import { createList } from "./list.ts";
import { settingsOf, type RedmineOptions } from "./options.ts";
import { createAccounts, createPeople } from "./people.ts";
import { createReplies } from "./reply.ts";
import { ownIssue } from "./ticket.ts";

export type { RedmineOptions, RedmineStatuses } from "./options.ts";

const PAGE = 50;

/** Tickets in a project of Redmine; docs/desks/redmine.md describes the setup. Server only. */
export function redmine(options: RedmineOptions): Adapter {
  const settings = settingsOf(options);
  const closing = new AbortController();
  const api = createApi(settings);
  const facts = createFacts(api, settings, closing.signal);
  const desk: Desk = { api, settings, facts, people: createPeople(api, facts, settings, closing.signal) };
  const { tokens, ...uploads } = createUploads(desk);

  return {
    name: "redmine",
    tickets: {
      limits: { title: TITLE_MAX },
      create: createCreate(desk, tokens),
      ...createList(desk),
      ...createReplies(desk, tokens),
      get: async (ticketId, ctx) => (await ownIssue(desk, ticketId, ctx)).ticket,
      async thread(ticketId, before, ctx) {
        const messages = (await ownIssue(desk, ticketId, ctx)).steps.flatMap((step) => step.messages);
        return pageBefore(messages, before, PAGE);
      },
      async fields(ctx) {
        await desk.people.find(ctx);
        return (await facts(ctx.signal)).form.map(({ field }) => field);
      },
    },
    changes: (cursor, ctx) => readChanges(desk, cursor, ctx),
    people: { key: (member) => verifiedEmail(member).email },
    uploads,
    accounts: createAccounts(api),
    check: createCheck(api, settings),
    state: () => (api.breaker.isAway ? { tickets: "away" } : {}),
    erase: createErase(desk),
    dispose: () => closing.abort(),
  };
}
