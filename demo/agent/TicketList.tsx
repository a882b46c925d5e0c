import type { TicketStatus } from "../../src/core/contract/adapter.ts";
import type { AgentTicket } from "../desk/agent-tickets.ts";
import { useDesk } from "./context.ts";
import { hrefOf } from "./place.ts";
import { Status, statusNames } from "./Status.tsx";
import { fullTime, shortTime } from "./time.ts";

const filters: readonly TicketStatus[] = ["open", "awaiting", "resolved"];

export function TicketList() {
  const { filter, search, tickets } = useDesk();
  return (
    <section aria-labelledby="tickets-title">
      <h2 id="tickets-title">Tickets</h2>
      <fieldset class="filters">
        <legend class="visually-hidden">Show</legend>
        {filters.map((one) => (
          <button key={one} type="button" aria-pressed={filter.value === one} onClick={() => (filter.value = one)}>
            {statusNames[one]}
          </button>
        ))}
      </fieldset>
      <label class="search">
        <span class="visually-hidden">Search tickets</span>
        <input
          type="search"
          placeholder="Search tickets"
          maxLength={200}
          value={search.value}
          onInput={(event) => (search.value = event.currentTarget.value)}
        />
      </label>
      <Found tickets={tickets.value} />
    </section>
  );
}

function Found({ tickets }: { readonly tickets: readonly AgentTicket[] | undefined }) {
  if (!tickets) return <p class="none">Loading…</p>;
  if (tickets.length === 0) return <p class="none">No tickets here.</p>;
  return (
    <ul>
      {tickets.map((one) => (
        <Row key={one.id} ticket={one} />
      ))}
    </ul>
  );
}

function Row({ ticket }: { readonly ticket: AgentTicket }) {
  const { place } = useDesk();
  const current = place.at.value?.id === ticket.id;
  return (
    <li class="row">
      <a href={hrefOf({ kind: "ticket", id: ticket.id })} aria-current={current ? "page" : undefined}>
        <span class="row-title">
          <b>{ticket.title}</b>
        </span>
        <span class="meta">
          <Status of={ticket.status} />
          {` #${ticket.number} · ${ticket.member.name ?? "A guest"} · `}
          <time dateTime={ticket.updatedAt} title={fullTime(ticket.updatedAt)}>
            {shortTime(ticket.updatedAt)}
          </time>
        </span>
      </a>
    </li>
  );
}
