import type { Ticket } from "../../core/contract/adapter.ts";
import { useT } from "../context.ts";
import { authorName } from "../parts/author-name.ts";
import { Avatar } from "../parts/Avatar.tsx";
import { Icon } from "../parts/Icon.tsx";
import { Ago } from "../parts/Time.tsx";
import { StatusMark } from "./status.tsx";

interface TicketRowProps {
  readonly ticket: Ticket;
  readonly unread: boolean;
  onOpen(): void;
}

/** Title, last message, status and last change. Unread tickets get a dot, and a word for screen readers. */
export function TicketRow({ ticket, unread, onOpen }: TicketRowProps) {
  const t = useT();
  return (
    <li>
      <button type="button" class={unread ? "row unread" : "row"} onClick={onOpen}>
        <Face ticket={ticket} />
        <span class="row-text">
          <span class="row-title" dir="auto">
            {ticket.title}
          </span>
          <LastWords ticket={ticket} />
          <span class="row-meta">
            <StatusMark ticket={ticket} />
            <span>{t("tickets.number", { number: ticket.number })}</span>
            <Ago at={ticket.updatedAt} />
          </span>
        </span>
        {unread && <span class="unseen">{t("tickets.unread")}</span>}
      </button>
    </li>
  );
}

/** The agent who wrote last, or else an issue icon. */
function Face({ ticket: { lastMessage } }: { readonly ticket: Ticket }) {
  const author = lastMessage?.author;
  if (author && author.role !== "member" && author.role !== "system" && author.name)
    return <Avatar name={author.name} picture={author.picture} />;
  return (
    <span class="avatar plain" aria-hidden="true">
      <Icon name="message" size={18} />
    </span>
  );
}

function LastWords({ ticket: { lastMessage } }: { readonly ticket: Ticket }) {
  const t = useT();
  if (!lastMessage?.text) return null;
  const { author, text } = lastMessage;
  return (
    <span class="row-preview" dir="auto">
      {author.role === "member"
        ? t("tickets.fromYou", { text })
        : author.role === "system"
          ? text
          : t("tickets.from", { name: authorName(author, t), text })}
    </span>
  );
}
