import type { AgentThread } from "../desk/agent-tickets.ts";
import { BackLink } from "./BackLink.tsx";
import { useDesk } from "./context.ts";
import { useFocusOnOpen } from "./focus.ts";
import { MemberFacts } from "./MemberFacts.tsx";
import { Messages } from "./Messages.tsx";
import { OtherTickets } from "./OtherTickets.tsx";
import { hrefOf } from "./place.ts";
import { RemoveTicket } from "./RemoveTicket.tsx";
import { Status } from "./Status.tsx";
import { TicketComposer } from "./TicketComposer.tsx";
import { TicketContextView } from "./TicketContextView.tsx";

export function TicketView({ id }: { readonly id: string }) {
  const { thread } = useDesk();
  const title = useFocusOnOpen<HTMLHeadingElement>();
  const shown = thread.value?.ticket.id === id ? thread.value : undefined;
  if (!shown) return <p class="empty">Loading…</p>;
  const { context, messages, others, ticket } = shown;
  return (
    <article class="view" aria-labelledby="view-title">
      <header class="view-head">
        <BackLink />
        <div class="title-line">
          <h2 id="view-title" ref={title} tabIndex={-1}>
            {ticket.title}
          </h2>
          <RemoveTicket ticket={ticket} />
        </div>
        <Facts thread={shown} />
        {context && <TicketContextView context={context} />}
        {others.length > 0 && (
          <OtherTickets tickets={others} label={`Other tickets of ${ticket.member.name ?? "the member"}`} />
        )}
      </header>
      <Messages messages={messages} label="Messages" live={false} />
      <TicketComposer ticket={ticket} />
    </article>
  );
}

function Facts({ thread }: { readonly thread: AgentThread }) {
  const { conversationId, fields, ticket } = thread;
  const { rating } = ticket;
  return (
    <p class="facts">
      <Status of={ticket.status} />
      {ticket.can?.reply === false && <span>Closed: the member can’t reply</span>}
      <span>#{ticket.number}</span>
      <MemberFacts member={ticket.member} locale={ticket.locale} />
      {Object.entries(fields).map(([label, value]) => (
        <span key={label}>
          {label}: {value}
        </span>
      ))}
      {rating && (
        <span class="rating">
          Rated {rating.score} of 5{rating.comment !== undefined && `: “${rating.comment}”`}
        </span>
      )}
      {conversationId !== undefined && <a href={hrefOf({ kind: "chat", id: conversationId })}>From a chat</a>}
    </p>
  );
}
