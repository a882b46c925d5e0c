import type { Adapter, Ticket, TicketDraft, TicketsApi } from "../../src/core/contract/adapter.ts";
import { AdapterError } from "../../src/core/contract/errors.ts";
import { context } from "./scope.ts";

/** A ticket that Ana made earlier. */
export async function anasTicket(desk: Adapter, title: string, more: Partial<TicketDraft> = {}): Promise<Ticket> {
  const ticket = await desk.tickets?.create(
    { clientId: crypto.randomUUID(), title, text: `${title}: opis`, ...more },
    context(),
  );
  if (!ticket) throw new Error("the desk has no tickets");
  return ticket;
}

/** A desk with some of its ticket calls replaced: what a desk or a network that fails looks like. */
export function withTickets<A extends Adapter>(desk: A, calls: Partial<TicketsApi>): A {
  if (!desk.tickets) throw new Error("the desk has no tickets");
  return { ...desk, tickets: { ...desk.tickets, ...calls } };
}

/** Fails until `mend()`; so long from one try to the next that only the member's own click is in time. */
export function brokenNetwork() {
  let broken = true;
  return {
    mend: () => (broken = false),
    check() {
      if (broken) throw new AdapterError("network", "the cable was pulled", { retryAfterMs: 600_000 });
    },
  };
}
