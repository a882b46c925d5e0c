import { useEffect } from "preact/hooks";
import type { Ticket, TicketQuery } from "../../core/contract/adapter.ts";
import type { Widget } from "../context.ts";
import { useT, useUi } from "../context.ts";
import { RunningChat } from "../home/RunningChat.tsx";
import { WaitingForYou } from "../home/WaitingForYou.tsx";
import { Empty } from "../parts/Empty.tsx";
import { Icon } from "../parts/Icon.tsx";
import { ErrorNotice } from "../parts/Notice.tsx";
import { Skeleton } from "../parts/Skeleton.tsx";
import { TicketRow } from "./TicketRow.tsx";
import { directionFor } from "../parts/direction.ts";

type Tickets = NonNullable<Widget["tickets"]["value"]>;
type Filter = TicketQuery["filter"];

const filters = ["open", "awaiting", "all"] as const satisfies Filter[];

const empties = {
  open: ["tickets.emptyOpen", "tickets.emptyOpenText"],
  awaiting: ["tickets.emptyAwaiting", "tickets.emptyAwaitingText"],
  all: ["tickets.emptyAll", "tickets.emptyAllText"],
  search: ["tickets.emptySearch", "tickets.emptySearchText"],
} as const;

/** Search is shown from this many tickets. */
const worthSearching = 5;

/** "My technical issues": open, waiting for the member, all. */
export function TicketList({ tickets }: { readonly tickets: Tickets }) {
  const t = useT();
  const { widget } = useUi();
  const { list } = tickets;
  const { all = worthSearching } = list.counts.value;
  const words = list.search.value;
  useEffect(() => tickets.watch(), [tickets]);

  return (
    <div class="screen">
      <button type="button" class="primary wide" onClick={() => widget.navigate({ tab: "tickets", view: "new" })}>
        <Icon name="plus" size={18} />
        {t("tickets.new")}
      </button>
      <RunningChat />
      <WaitingForYou list={list} />
      <h2>{t("tickets.title")}</h2>
      <div class="filters" role="group" aria-label={t("tickets.filters")}>
        {filters.map((name) => (
          <FilterButton key={name} name={name} list={list} />
        ))}
      </div>
      {(words !== "" || all >= worthSearching) && (
        <input
          type="search"
          class="search"
          aria-label={t("tickets.search")}
          placeholder={t("tickets.search")}
          value={words}
          dir={directionFor(words)}
          autoComplete="off"
          onInput={(event) => list.find(event.currentTarget.value)}
        />
      )}
      <TicketRows tickets={tickets} />
      <Found list={list} />
    </div>
  );
}

/** For those who don't see the list change while they type. */
function Found({ list }: { readonly list: Tickets["list"] }) {
  const t = useT();
  const count = list.items.value.length;
  const isKnown = list.search.value.trim() !== "" && list.status.value === "ready" && !list.hasMore.value;
  return (
    <p class="unseen" role="status">
      {isKnown && (count === 0 ? t("tickets.emptySearch") : t("tickets.total", { count }))}
    </p>
  );
}

/** Shows a number; screen readers get a sentence. */
function FilterButton({ name, list }: { readonly name: Filter; readonly list: Tickets["list"] }) {
  const t = useT();
  const count = list.counts.value[name];
  const inWords = name === "awaiting" ? "tickets.awaitingCount" : "tickets.total";
  return (
    <button type="button" aria-pressed={list.filter.value === name} onClick={() => list.show(name)}>
      {t(`tickets.${name}`)}
      {count !== undefined && count > 0 && (
        <>
          <span class={name === "awaiting" ? "count" : "count quiet"} aria-hidden="true">
            {count}
          </span>
          <span class="unseen">, {t(inWords, { count })}</span>
        </>
      )}
    </button>
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
    const [title, text] = empties[list.search.value.trim() ? "search" : list.filter.value];
    return (
      <Empty icon="inbox" title={t(title)}>
        <p>{t(text)}</p>
      </Empty>
    );
  }
  return (
    <>
      {list.isRecalled.value && !failure && (
        <p class="hint" role="status">
          {t("tickets.updating")}
        </p>
      )}
      <Rows tickets={tickets} items={items} />
      {failure}
      {list.hasMore.value && (
        <button type="button" class="secondary wide" aria-disabled={status === "loading"} onClick={() => list.more()}>
          {t("tickets.more")}
        </button>
      )}
    </>
  );
}

/** Sorted by last change. A divider separates what has changed since the last visit. */
function Rows({ tickets: { list, seen }, items }: { readonly tickets: Tickets; readonly items: readonly Ticket[] }) {
  const t = useT();
  const { widget } = useUi();
  const { value: lastVisit } = seen.lastVisit;
  const isNew = ({ updatedAt }: Ticket) => lastVisit !== undefined && Date.parse(updatedAt) > Date.parse(lastVisit);
  const news = items.findIndex((ticket) => !isNew(ticket));
  const hasNews = items.some(isNew);
  return (
    <ul class="rows" aria-label={t("tickets.title")} aria-busy={list.isRecalled.value}>
      {hasNews && <li class="rows-head">{t("tickets.newSince")}</li>}
      {items.flatMap((ticket, index) => [
        hasNews && index === news && (
          <li key="before" class="rows-head">
            {t("tickets.before")}
          </li>
        ),
        <TicketRow
          key={ticket.id}
          ticket={ticket}
          unread={seen.isUnread(ticket)}
          onOpen={() => widget.navigate({ tab: "tickets", view: "ticket", id: ticket.id })}
        />,
      ])}
    </ul>
  );
}
