import { useEffect, useState } from "preact/hooks";
import type { Widget } from "../context.ts";
import { useT, useUi } from "../context.ts";
import { Composer } from "../parts/Composer.tsx";
import { ConsentField, useConsent } from "../parts/Consent.tsx";
import { MessageList } from "../parts/MessageList.tsx";
import { ErrorNotice, Notice } from "../parts/Notice.tsx";
import { Rate } from "../parts/Rate.tsx";
import { Skeleton } from "../parts/Skeleton.tsx";
import { StatusMark } from "./status.tsx";
import { ThreadActions } from "./ThreadActions.tsx";

type Tickets = NonNullable<Widget["tickets"]["value"]>;
type Thread = NonNullable<Tickets["thread"]["value"]>;

/** One issue: its conversation and the reply field. */
export function TicketThread({ tickets, id }: { readonly tickets: Tickets; readonly id: string }) {
  const t = useT();
  const { widget } = useUi();
  useEffect(() => {
    tickets.watch();
    tickets.openThread(id);
  }, [tickets, id]);
  const thread = tickets.thread.value;
  const current = thread?.id.value === id ? thread : undefined;
  const ticket = current?.ticket.value;
  const isSeen = widget.looks.value && current?.status.value === "ready";
  useEffect(() => {
    if (isSeen) current?.read();
  }, [isSeen, ticket?.updatedAt]);
  if (!current) return <Skeleton label={t("thread.loading")} />;

  return (
    <div class="conversation">
      <div class="thread-head">
        <h2 dir="auto">{ticket?.title ?? t("tickets.number", { number: id })}</h2>
        {ticket && (
          <div class="row-meta">
            <StatusMark ticket={ticket} />
            <span>{t("tickets.number", { number: ticket.number })}</span>
            {current.status.value === "ready" && <ThreadActions thread={current} ticket={ticket} />}
          </div>
        )}
      </div>
      <ThreadBody tickets={tickets} thread={current} />
    </div>
  );
}

function ThreadBody({ tickets, thread }: { readonly tickets: Tickets; readonly thread: Thread }) {
  const t = useT();
  const status = thread.status.value;
  if (status === "loading") return <Skeleton label={t("thread.loading")} />;
  if (status === "failed") return <Failure thread={thread} />;
  const { status: waitsFor, rating } = thread.ticket.value ?? {};
  return (
    <>
      <MessageList
        label={t("thread.messages")}
        messages={thread.messages.value}
        pending={thread.pending.value}
        firstNew={thread.firstNew.value}
        hasOlder={thread.hasEarlier.value}
        onOlder={() => void thread.readEarlier()}
        onRetry={(id) => thread.retry(id)}
        onTakeBack={(draft) => thread.takeBack(draft)}
      />
      {thread.failure.value && <ErrorNotice code={thread.failure.value} />}
      {waitsFor === "awaiting" && <Notice tone="warn">{t("thread.awaiting")}</Notice>}
      {waitsFor === "resolved" && thread.canReply.value && <Notice>{t("thread.resolved")}</Notice>}
      {waitsFor === "resolved" && thread.canRate.value && (
        <Rate title={t("thread.rateTitle")} rated={rating !== undefined} onRate={(given) => void thread.rate(given)} />
      )}
      {thread.canReply.value && <Reply tickets={tickets} thread={thread} />}
      {thread.isClosed.value && <Closed thread={thread} />}
    </>
  );
}

function Reply({ tickets, thread }: { readonly tickets: Tickets; readonly thread: Thread }) {
  const t = useT();
  const consent = useConsent();
  const [refused, setRefused] = useState(0);
  useEffect(() => {
    if (refused) consent.box.current?.focus();
  }, [refused]);
  function send() {
    if (consent.error) return setRefused(refused + 1);
    consent.give();
    void thread.send();
  }
  return (
    <>
      <ConsentField consent={consent} checked={refused > 0} />
      <Composer
        label={t("thread.reply")}
        text={thread.text.value}
        files={tickets.canUpload.value ? thread.files : undefined}
        onInput={(text) => thread.write(text)}
        onSend={send}
      />
    </>
  );
}

/** Replies are over: the member can submit a new issue, which takes over what they have written here. */
function Closed({ thread }: { readonly thread: Thread }) {
  const t = useT();
  const { widget } = useUi();
  const { number = thread.id.value, title = "" } = thread.ticket.value ?? {};
  const text = t("thread.followUpText", { number });
  return (
    <Notice>
      <p>{t("thread.closed")}</p>
      <button type="button" class="secondary" onClick={() => widget.followUp({ title, text })}>
        {t("thread.followUp")}
      </button>
    </Notice>
  );
}

/** A ticket that no longer exists can't be retried: offer the way back. */
function Failure({ thread }: { readonly thread: Thread }) {
  const t = useT();
  const { widget } = useUi();
  const code = thread.code.value;
  const toList = () => widget.navigate({ tab: "tickets", view: "list" });
  return code === "not-found" ? (
    <ErrorNotice code={code} label={t("thread.back")} onRetry={toList} />
  ) : (
    <ErrorNotice code={code} onRetry={() => void thread.load()} />
  );
}
