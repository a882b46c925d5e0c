import { eachChunk } from "../shared/gather.ts";
import { ownFields, ticketsById, valueOf, type Desk } from "./desk.ts";
import type { RtTicket, RtTransaction } from "./schemas.ts";
import { quoted } from "./sql.ts";

const types = [
  "Type = 'Create'",
  "Type = 'Correspond'",
  "Type = 'Status'",
  "(Type = 'Set' AND (Field = 'Subject' OR Field = 'Queue'))",
  "(Type = 'AddLink' AND Field = 'MergedInto')",
  "((Type = 'AddWatcher' OR Type = 'DelWatcher') AND Field = 'Requestor')",
].join(" OR ");

/** RT gives at most so many a call. */
export const PAGE = 100;

/** TransactionSQL for what a poller hears of. */
export function changesIn(desk: Desk): string {
  return `TicketQueue = ${quoted(desk.settings.queue)} AND (${types})`;
}

/** These tickets as they are now; those that are not in the queue are left out. */
export async function ticketsOf(
  desk: Desk,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, RtTicket>> {
  const tickets = new Map<string, RtTicket>();
  await eachChunk([...new Set(ids)], PAGE, async (some) => {
    const where = `Queue = ${quoted(desk.settings.queue)} AND ${ticketsById(some)}`;
    const { items } = await desk.tickets({ where }, signal);
    for (const item of items) tickets.set(item.id, item);
  });
  return tickets;
}

/** RT writes a reply's key just after the reply itself. */
export function lacksKey(desk: Desk, { Type, Creator, CustomFields }: RtTransaction): boolean {
  return (
    Type === "Correspond" &&
    Creator.id === desk.settings.accountId &&
    valueOf({ CustomFields }, ownFields.ref) === undefined
  );
}
