import { BackLink } from "./BackLink.tsx";
import { useDesk } from "./context.ts";
import { MemberFacts } from "./MemberFacts.tsx";
import { Messages } from "./Messages.tsx";
import { hrefOf } from "./place.ts";
import { Status } from "./Status.tsx";
import { TicketComposer } from "./TicketComposer.tsx";
import { useFocusOnOpen } from "./focus.ts";

export function TicketView({ id }: { readonly id: string }) {
  const { thread } = useDesk();
  const title = useFocusOnOpen<HTMLHeadingElement>();
  const shown = thread.value?.ticket.id === id ? thread.value : undefined;
  if (!shown) return <p class="empty">Loading…</p>;
  const { conversationId, fields, messages, ticket } = shown;
  return (
    <article class="view" aria-labelledby="view-title">
      <header class="view-head">
        <BackLink />
        <h2 id="view-title" ref={title} tabIndex={-1}>
          {ticket.title}
        </h2>
        <p class="facts">
          <Status of={ticket.status} />
          <span>#{ticket.number}</span>
          <MemberFacts member={ticket.member} locale={ticket.locale} />
          {Object.entries(fields).map(([label, value]) => (
            <span key={label}>
              {label}: {value}
            </span>
          ))}
          {conversationId !== undefined && <a href={hrefOf({ kind: "chat", id: conversationId })}>From a chat</a>}
        </p>
      </header>
      <Messages messages={messages} label="Messages" live={false} />
      <TicketComposer ticket={ticket} />
    </article>
  );
}
