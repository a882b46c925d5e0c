import { useEffect } from "preact/hooks";
import type { AgentConversation, AgentTranscript } from "../desk/agent-chat.ts";
import { BackLink } from "./BackLink.tsx";
import { ChatComposer } from "./ChatComposer.tsx";
import { useDesk } from "./context.ts";
import { useFocusOnOpen } from "./focus.ts";
import { MemberFacts } from "./MemberFacts.tsx";
import { Messages } from "./Messages.tsx";
import { OtherTickets } from "./OtherTickets.tsx";
import { hrefOf } from "./place.ts";
import { shortTime, waitedFor } from "./time.ts";
import { Transfer } from "./Transfer.tsx";

export function ChatView({ id }: { readonly id: string }) {
  const { agent, memberTypes, transcript } = useDesk();
  const title = useFocusOnOpen<HTMLHeadingElement>();
  const shown = transcript.value?.conversation.id === id ? transcript.value : undefined;
  const mine = shown !== undefined && shown.conversation.agent?.id === agent.value?.id;

  useReading(mine ? shown : undefined);

  if (!shown) return <p class="empty">Loading…</p>;
  const { conversation, memberRead, messages } = shown;
  const { name } = conversation.member;
  return (
    <article class="view" aria-labelledby="view-title">
      <header class="view-head">
        <BackLink />
        <h2 id="view-title" ref={title} tabIndex={-1}>
          Chat with {name ?? "a guest"}
        </h2>
        <p class="facts">
          <About conversation={conversation} />
        </p>
        <Earlier transcript={shown} />
        {mine && conversation.status === "active" && <Actions id={id} asked={conversation.ticketRequested} />}
      </header>
      <Messages messages={messages} label="Chat" live memberRead={mine ? memberRead : undefined} />
      <output class="typing">{memberTypes.value && `${name ?? "The member"} is typing…`}</output>
      <Foot transcript={shown} mine={mine} />
    </article>
  );
}

/** Messages count as read only while the page is visible. */
function useReading(transcript: AgentTranscript | undefined): void {
  const { calls } = useDesk();
  const id = transcript?.conversation.id ?? "";
  const lastUnread = transcript && transcript.conversation.unread > 0 ? lastOfMember(transcript) : undefined;
  useEffect(() => {
    if (lastUnread === undefined) return undefined;
    const tell = () => {
      if (document.visibilityState !== "visible") return;
      calls()
        ?.markRead(id, lastUnread)
        .catch(() => undefined);
    };
    tell();
    document.addEventListener("visibilitychange", tell);
    return () => document.removeEventListener("visibilitychange", tell);
  }, [id, lastUnread]);
}

function About({ conversation }: { readonly conversation: AgentConversation }) {
  const { about, locale, member, memberNumber, page, ticket } = conversation;
  return (
    <>
      <MemberFacts member={member} locale={locale} memberNumber={memberNumber} />
      {page !== undefined && <span>On {page}</span>}
      {about && <a href={hrefOf({ kind: "ticket", id: about.id })}>{`About #${about.number} ${about.title}`}</a>}
      {ticket && <a href={hrefOf({ kind: "ticket", id: ticket.id })}>{`Became #${ticket.number}`}</a>}
    </>
  );
}

/** The member's earlier chats and tickets. */
function Earlier({ transcript: { conversation, others, tickets } }: { readonly transcript: AgentTranscript }) {
  const name = conversation.member.name ?? "the member";
  return (
    <>
      {tickets.length > 0 && <OtherTickets tickets={tickets} label={`Tickets of ${name}`} />}
      {others.length > 0 && (
        <details class="more">
          <summary>
            Earlier chats of {name} ({others.length})
          </summary>
          <ul>
            {others.map(({ createdAt, id, question }) => (
              <li key={id}>
                <span class="meta">{shortTime(createdAt)}</span> <a href={hrefOf({ kind: "chat", id })}>{question}</a>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Actions({ asked, id }: { readonly asked: boolean; readonly id: string }) {
  const { act } = useDesk();
  return (
    <div class="actions">
      <button type="button" onClick={() => void act((calls) => calls.requestTicket(id))}>
        {asked ? "Ask for a ticket again" : "Ask for a ticket"}
      </button>
      <Transfer id={id} />
      <button type="button" onClick={() => void act((calls) => calls.end(id))}>
        End chat
      </button>
      {asked && <span class="meta">The member was asked to file a ticket in their language.</span>}
    </div>
  );
}

function Foot({ mine, transcript }: { readonly mine: boolean; readonly transcript: AgentTranscript }) {
  const { act } = useDesk();
  const { id, locale, status, waitingSince } = transcript.conversation;
  if (status === "ended") return <p class="notice">This chat has ended.</p>;
  if (mine) return <ChatComposer id={id} locale={locale} />;
  if (status === "active") return <p class="notice">{transcript.conversation.agent?.name} has this chat.</p>;
  return (
    <div class="notice">
      <p>Waits {waitedFor(waitingSince)}. No agent has taken this chat yet.</p>
      <button type="button" class="primary" onClick={() => void act((calls) => calls.take(id))}>
        Take
      </button>
    </div>
  );
}

function lastOfMember({ messages }: AgentTranscript): string | undefined {
  return messages.findLast(({ author }) => author.role === "member")?.id;
}
