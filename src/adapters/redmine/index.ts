import type { Adapter } from "../../core/contract/adapter.ts";
import { createAccounts } from "./accounts.ts";
import { createApi } from "./api.ts";
import { createCheck } from "./check.ts";
import { createCustomers } from "./customers.ts";
import { createErase } from "./erase.ts";
import { createFacts } from "./facts.ts";
import type { Desk } from "./issues.ts";
import { settingsOf, type RedmineOptions } from "./options.ts";
import { createTickets } from "./tickets.ts";
import { createUploads } from "./uploads.ts";

export type { RedmineOptions, RedmineStatuses } from "./options.ts";

/** Tickets in a project of Redmine: what to set up there stands in docs/desks/redmine.md. On a server alone. */
export function redmine(options: RedmineOptions): Adapter {
  const settings = settingsOf(options);
  const closing = new AbortController();
  const closed = closing.signal;
  const api = createApi(settings);
  const facts = createFacts(api, settings, closed);
  const customers = createCustomers(api, facts, settings, closed);
  const desk: Desk = { api, settings, facts, customers, closed };
  const { tokens, ...uploads } = createUploads(desk);

  return {
    name: "redmine",
    tickets: createTickets(desk, tokens),
    uploads,
    accounts: createAccounts(api),
    check: createCheck(api, settings),
    state: () => (api.guard.isAway ? { tickets: "away" } : {}),
    erase: createErase(desk),
    dispose: () => closing.abort(),
  };
}
