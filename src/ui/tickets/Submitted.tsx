import { useEffect, useRef } from "preact/hooks";
import type { Ticket } from "../../core/contract/adapter.ts";
import { useT, useUi } from "../context.ts";
import { Icon } from "../parts/Icon.tsx";
import { comingTime } from "../parts/time.ts";
import { useNow } from "../parts/use-now.ts";

/** The number, what happens next, and the way back. */
export function Submitted({ ticket, canList }: { readonly ticket: Ticket; readonly canList: boolean }) {
  const t = useT();
  const { widget, i18n } = useUi();
  const now = useNow();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div class="empty done" role="status">
      <span class="empty-icon">
        <Icon name="check" size={28} />
      </span>
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
