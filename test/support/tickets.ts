import type { Adapter, Ticket, TicketDraft, TicketsApi } from "../../src/core/contract/adapter.ts";
import { AdapterError } from "../../src/core/contract/errors.ts";
import { context } from "./scope.ts";

/** A ticket that Ana created earlier. */
export async function anasTicket(desk: Adapter, title: string, more: Partial<TicketDraft> = {}): Promise<Ticket> {
  const ticket = await desk.tickets?.create(
    { clientId: crypto.randomUUID(), title, text: `${title}: opis`, ...more },
    context(),
  );
  if (!ticket) throw new Error("the desk has no tickets");
  return ticket;
}

/** A desk with some ticket calls replaced, to simulate a failing desk or network. */
export function withTickets<A extends Adapter>(desk: A, calls: Partial<TicketsApi>): A {
  if (!desk.tickets) throw new Error("the desk has no tickets");
  return { ...desk, tickets: { ...desk.tickets, ...calls } };
}

/** Fails until `mend()`. The retry interval is so long that only the member's own click is in time. */
export function brokenNetwork() {
  let broken = true;
  return {
    mend: () => (broken = false),
    check() {
      if (broken) throw new AdapterError("network", "the cable was pulled", { retryAfterMs: 600_000 });
    },
  };
}
