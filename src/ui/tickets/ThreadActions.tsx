import type { Ticket } from "../../core/contract/adapter.ts";
import type { Widget } from "../context.ts";
import { useT, useUi } from "../context.ts";

type Thread = NonNullable<NonNullable<Widget["tickets"]["value"]>["thread"]["value"]>;

/** The member's actions besides replying, as far as the desk supports them. */
export function ThreadActions({ thread, ticket }: { readonly thread: Thread; readonly ticket: Ticket }) {
  const t = useT();
  const { widget } = useUi();
  const isResolved = ticket.status === "resolved";
  const chat = widget.session.session.value?.access.chat;
  const question = () => t("thread.liveQuestion", { number: ticket.number, title: ticket.title });
  return (
    <span class="thread-actions">
      {(isResolved ? thread.canReopen : thread.canResolve).value && (
        <button
          type="button"
          class="link"
          aria-disabled={thread.changing.value}
          onClick={() => void thread.setStatus(isResolved ? "open" : "resolved")}
        >
          {t(isResolved ? "thread.reopen" : "thread.resolve")}
        </button>
      )}
      {widget.offers("chat") && chat?.allowed && (
        <button type="button" class="link" onClick={() => widget.askLive(ticket.id, question())}>
          {t("thread.askLive")}
        </button>
      )}
    </span>
  );
}
