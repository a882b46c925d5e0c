import type { Ticket, TicketStatus } from "../../core/contract/adapter.ts";
import { useT } from "../context.ts";

const keys = {
  open: "tickets.statusOpen",
  awaiting: "tickets.statusAwaiting",
  resolved: "tickets.statusResolved",
} as const satisfies Record<TicketStatus, string>;

const shapes = {
  open: <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" stroke-width="2" />,
  awaiting: <path d="M6 1l5 5-5 5-5-5z" fill="currentColor" stroke="none" />,
  resolved: <path d="M2 6.5l3 3 5-6.5" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" />,
} as const satisfies Record<TicketStatus, unknown>;

export function StatusShape({ status }: { readonly status: TicketStatus }) {
  return (
    <svg class="shape" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
      {shapes[status]}
    </svg>
  );
}

/** The status as a word and a shape, never by colour alone. */
export function StatusMark({ ticket }: { readonly ticket: Ticket }) {
  const t = useT();
  return (
    <span class={`status ${ticket.status}`}>
      <StatusShape status={ticket.status} />
      {ticket.statusLabel ?? (Object.hasOwn(keys, ticket.status) ? t(keys[ticket.status]) : ticket.status)}
    </span>
  );
}
