import type { Ticket } from "../../core/contract/adapter.ts";
import { useT, useUi } from "../context.ts";
import { relativeTime } from "../parts/time.ts";
import { StatusMark } from "./status.tsx";

interface TicketRowProps {
  readonly ticket: Ticket;
  readonly unread: boolean;
  onOpen(): void;
}

/** Title, state, number, last change; what is not read yet has a mark for the eye and a word for the ear. */
export function TicketRow({ ticket, unread, onOpen }: TicketRowProps) {
  const t = useT();
  const { i18n } = useUi();
  return (
    <li>
      <button type="button" class={unread ? "row unread" : "row"} onClick={onOpen}>
        <span class="row-title" dir="auto">
          {ticket.title}
        </span>
        <span class="row-meta">
          <StatusMark ticket={ticket} />
          <span>{t("tickets.number", { number: ticket.number })}</span>
          <time dateTime={ticket.updatedAt}>{relativeTime(ticket.updatedAt, i18n.locale.value)}</time>
        </span>
        {unread && <span class="unseen">{t("tickets.unread")}</span>}
      </button>
    </li>
  );
}
