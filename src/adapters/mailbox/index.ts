import { resolveTxt } from "node:dns/promises";
import type { Adapter } from "../../core/contract/adapter.ts";
import { createCheck } from "./check.ts";
import type { Desk } from "./desk.ts";
import { createErase } from "./erase.ts";
import { createLink } from "./link.ts";
import { createIndex } from "./mail-index.ts";
import { settingsOf, type MailboxOptions } from "./options.ts";
import { createOutbox } from "./outbox.ts";
import { createSeal } from "./seal.ts";
import { createSync } from "./sync.ts";
import { createTickets } from "./tickets.ts";
import { createUploads } from "./uploads.ts";

export type { MailboxOptions, MailStatuses } from "./options.ts";
export type { MailServer } from "./server-options.ts";

/** Tickets by mail, for a desk that reads mail; docs/desks/mailbox.md describes the setup. Server only. */
export function mailbox(options: MailboxOptions): Adapter {
  const settings = settingsOf(options);
  const closing = new AbortController();
  const closed = closing.signal;
  const seal = createSeal(settings.secrets);
  const link = createLink(settings, closed);
  const index = createIndex();
  const sync = createSync(link, index, seal, settings, closed);
  const outbox = createOutbox(link, settings, closed);
  const desk: Desk = { settings, seal, link, index, sync, outbox, closed };
  const { files } = settings;

  return {
    name: "mailbox",
    tickets: createTickets(desk),
    ...(files === undefined ? {} : { uploads: createUploads(desk, files) }),
    erase: createErase(desk),
    check: createCheck(desk, resolveTxt),
    dispose: () => closing.abort(),
  };
}
