import { useEffect } from "preact/hooks";
import type { Widget } from "../context.ts";
import { useT, useUi } from "../context.ts";
import { Composer } from "../parts/Composer.tsx";
import { MessageList } from "../parts/MessageList.tsx";
import { ErrorNotice, Notice } from "../parts/Notice.tsx";
import { Skeleton } from "../parts/Skeleton.tsx";
import { StatusMark } from "./status.tsx";

type Tickets = NonNullable<Widget["tickets"]["value"]>;

/** One issue: what was said, and the reply. */
export function TicketThread({ tickets, id }: { readonly tickets: Tickets; readonly id: string }) {
  const t = useT();
  const { widget } = useUi();
  useEffect(() => {
    tickets.watch();
    tickets.openThread(id);
  }, [tickets, id]);
  const thread = tickets.thread.value;
  if (!thread || thread.id.value !== id) return <Skeleton label={t("thread.loading")} />;

  const ticket = thread.ticket.value;
  const status = thread.status.value;
  const gone = thread.code.value === "not-found";
  return (
    <div class="conversation">
      <div class="thread-head">
        <h2 dir="auto">{ticket?.title ?? t("tickets.number", { number: id })}</h2>
        {ticket && (
          <p class="row-meta">
            <StatusMark ticket={ticket} />
            <span>{t("tickets.number", { number: ticket.number })}</span>
          </p>
        )}
      </div>
      {status === "loading" && <Skeleton label={t("thread.loading")} />}
      {status === "failed" && (
        <ErrorNotice
          code={thread.code.value}
          label={gone ? t("thread.back") : undefined}
          onRetry={gone ? () => widget.navigate({ tab: "tickets", view: "list" }) : () => void thread.load()}
        />
      )}
      {status === "ready" && (
        <>
          <MessageList
            label={t("thread.messages")}
            messages={thread.messages.value}
            pending={thread.pending.value}
            onRetry={() => thread.retry()}
            onTakeBack={(draft) => thread.takeBack(draft)}
          />
          {ticket?.status === "awaiting" && <Notice tone="warn">{t("thread.awaiting")}</Notice>}
          {ticket?.status === "resolved" && thread.canReply.value && <Notice>{t("thread.resolved")}</Notice>}
          {thread.canReply.value && (
            <Composer
              label={t("thread.reply")}
              placeholder={t("thread.replyPlaceholder")}
              text={thread.text.value}
              files={tickets.canUpload.value ? thread.files : undefined}
              onInput={(text) => thread.write(text)}
              onSend={() => void thread.send()}
            />
          )}
        </>
      )}
    </div>
  );
}
