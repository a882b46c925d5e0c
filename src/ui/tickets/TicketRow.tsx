import type { Ticket } from "../../core/contract/adapter.ts";
import { useT } from "../context.ts";
import { Ago } from "../parts/Time.tsx";
import { StatusMark } from "./status.tsx";

interface TicketRowProps {
  readonly ticket: Ticket;
  readonly unread: boolean;
  onOpen(): void;
}

/** Title, state, number, last change; what is not read yet has a mark for the eye and a word for the ear. */
export function TicketRow({ ticket, unread, onOpen }: TicketRowProps) {
  const t = useT();
  return (
    <li>
      <button type="button" class={unread ? "row unread" : "row"} onClick={onOpen}>
        <span class="row-title" dir="auto">
          {ticket.title}
        </span>
        <span class="row-meta">
          <StatusMark ticket={ticket} />
          <span>{t("tickets.number", { number: ticket.number })}</span>
          <Ago at={ticket.updatedAt} />
        </span>
        {unread && <span class="unseen">{t("tickets.unread")}</span>}
      </button>
    </li>
  );
}
