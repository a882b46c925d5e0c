import { useEffect } from "preact/hooks";
import type { Ticket } from "../../core/adapter.ts";
import type { Widget } from "../context.ts";
import { useT, useUi } from "../context.ts";
import { Empty } from "../parts/Empty.tsx";
import { Icon } from "../parts/Icon.tsx";
import { ErrorNotice } from "../parts/Notice.tsx";
import { Skeleton } from "../parts/Skeleton.tsx";
import { relativeTime } from "../parts/time.ts";
import { Count } from "../parts/Count.tsx";
import { StatusMark } from "./status.tsx";

type Tickets = NonNullable<Widget["tickets"]["value"]>;

const filters = ["open", "awaiting", "all"] as const;

const empties = {
  open: ["tickets.emptyOpen", "tickets.emptyOpenText"],
  awaiting: ["tickets.emptyAwaiting", "tickets.emptyAwaitingText"],
  all: ["tickets.emptyAll", "tickets.emptyAllText"],
} as const;

/** "My technical issues": open, waiting for the member, all. */
export function TicketList({ tickets }: { readonly tickets: Tickets }) {
  const t = useT();
  const { widget } = useUi();
  const { list } = tickets;
  const filter = list.filter.value;
  useEffect(() => tickets.watch(), [tickets]);

  return (
    <div class="screen">
      <div class="screen-head">
        <h2>{t("tickets.title")}</h2>
        <button type="button" class="primary" onClick={() => widget.navigate({ tab: "tickets", view: "new" })}>
          <Icon name="plus" size={18} />
          {t("tickets.new")}
        </button>
      </div>
      <div class="filters" role="group" aria-label={t("tickets.filters")}>
        {filters.map((name) => (
          <button key={name} type="button" aria-pressed={filter === name} onClick={() => list.show(name)}>
            {t(`tickets.${name}`)}
            {name === "awaiting" && <Count of={list.awaiting.value} label="tickets.awaitingCount" />}
          </button>
        ))}
      </div>
      <TicketRows tickets={tickets} />
    </div>
  );
}

function TicketRows({ tickets }: { readonly tickets: Tickets }) {
  const t = useT();
  const { list } = tickets;
  const items = list.items.value;
  const status = list.status.value;
  const failure = status === "failed" && <ErrorNotice code={list.code.value} onRetry={() => list.refresh()} />;
  if (failure && items.length === 0) return failure;
  if (items.length === 0 && status !== "ready") return <Skeleton label={t("tickets.loading")} rows={4} />;
  if (items.length === 0) {
    const [title, text] = empties[list.filter.value];
    return (
      <Empty icon="inbox" title={t(title)}>
        <p>{t(text)}</p>
      </Empty>
    );
  }
  return (
    <>
      <ul class="rows" aria-label={t("tickets.title")}>
        {items.map((ticket) => (
          <TicketRow key={ticket.id} ticket={ticket} />
        ))}
      </ul>
      {failure}
      {list.hasMore.value && (
        <button type="button" class="secondary wide" disabled={status === "loading"} onClick={() => list.more()}>
          {t("tickets.more")}
        </button>
      )}
    </>
  );
}

function TicketRow({ ticket }: { readonly ticket: Ticket }) {
  const t = useT();
  const { widget, i18n } = useUi();
  return (
    <li>
      <button
        type="button"
        class="row"
        onClick={() => widget.navigate({ tab: "tickets", view: "ticket", id: ticket.id })}
      >
        <span class="row-title" dir="auto">
          {ticket.title}
        </span>
        <span class="row-meta">
          <StatusMark ticket={ticket} />
          <span>{t("tickets.number", { number: ticket.number })}</span>
          <time dateTime={ticket.updatedAt}>{relativeTime(ticket.updatedAt, i18n.locale.value)}</time>
        </span>
      </button>
    </li>
  );
}
