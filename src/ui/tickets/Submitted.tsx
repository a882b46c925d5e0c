import { useEffect, useRef } from "preact/hooks";
import type { Ticket } from "../../core/contract/adapter.ts";
import { useT, useUi } from "../context.ts";
import { Drawing } from "../parts/Empty.tsx";
import { comingTime } from "../parts/time.ts";
import { useNow } from "../parts/use-now.ts";

/** The ticket's number, what happens next, and a link back. */
export function Submitted({ ticket, canList }: { readonly ticket: Ticket; readonly canList: boolean }) {
  const t = useT();
  const { widget, i18n } = useUi();
  const now = useNow();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div class="empty done" role="status">
      <Drawing icon="check" tone="good" />
      <h2 ref={heading} tabIndex={-1}>
        {t("form.sentTitle")}
      </h2>
      <p class="big">{t("form.sentNumber", { number: ticket.number })}</p>
      {ticket.expectedAt && (
        <p>{t("form.sentWhen", { when: comingTime(ticket.expectedAt, i18n.locale.value, now) })}</p>
      )}
      <p>{t("form.sentNext")}</p>
      {canList && (
        <div class="stack">
          <button type="button" class="primary" onClick={() => widget.navigate({ tab: "tickets", view: "list" })}>
            {t("form.toList")}
          </button>
          <button
            type="button"
            class="secondary"
            onClick={() => widget.navigate({ tab: "tickets", view: "ticket", id: ticket.id })}
          >
            {t("form.toTicket")}
          </button>
        </div>
      )}
    </div>
  );
}
