import { similarTickets } from "../../core/tickets/similar.ts";
import { languageName } from "../../i18n/index.ts";
import type { Widget } from "../context.ts";
import { useT, useUi } from "../context.ts";
import { Notice } from "../parts/Notice.tsx";
import { TicketRow } from "./TicketRow.tsx";

type Tickets = NonNullable<Widget["tickets"]["value"]>;

/** The member's open tickets that resemble this one, to avoid duplicates. */
export function Similar({ tickets, language }: { readonly tickets: Tickets; readonly language: string }) {
  const t = useT();
  const { widget } = useUi();
  const { words, unresolved } = tickets.form;
  const found = similarTickets(words.value.title, unresolved.value, languageName(language));
  if (found.length === 0) return null;
  return (
    <Notice>
      <strong>{t("form.similar")}</strong>
      <p>{t("form.similarText")}</p>
      <ul class="rows" aria-label={t("form.similar")}>
        {found.map((ticket) => (
          <TicketRow
            key={ticket.id}
            ticket={ticket}
            unread={false}
            onOpen={() => widget.navigate({ tab: "tickets", view: "ticket", id: ticket.id })}
          />
        ))}
      </ul>
    </Notice>
  );
}
