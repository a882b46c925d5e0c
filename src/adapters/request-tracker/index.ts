import type { Adapter } from "../../core/contract/adapter.ts";
import { createAccounts } from "./accounts.ts";
import { check } from "./check.ts";
import { createDesk } from "./desk.ts";
import { createErase } from "./erase.ts";
import { createHook } from "./hook.ts";
import { settingsOf, type RequestTrackerOptions } from "./options.ts";
import { createPoller } from "./poller.ts";
import { createTickets } from "./tickets.ts";
import { createUploads } from "./uploads.ts";

export type { RequestTrackerOptions, Statuses } from "./options.ts";

/** Request Tracker 5 over REST 2, for a gateway: its token never belongs into a browser. See docs/desks/request-tracker.md. */
export function requestTracker(options: RequestTrackerOptions): Adapter {
  const settings = settingsOf(options);
  const closing = new AbortController();
  const desk = createDesk(settings, closing.signal);
  const poller = createPoller(desk);
  const { files, hookSecret } = settings;

  return {
    name: "request-tracker",
    tickets: createTickets(desk, poller),
    ...(files === undefined ? {} : { uploads: createUploads(desk, files) }),
    accounts: createAccounts(desk),
    ...(hookSecret === undefined ? {} : { hooks: { "request-tracker": createHook(hookSecret, poller) } }),
    check: (signal) => check(desk, signal),
    state: () => (desk.guard.isAway ? { tickets: "away" } : {}),
    erase: createErase(desk),
    dispose: () => closing.abort(),
  };
}
