import { useEffect } from "preact/hooks";
import type { AgentConversation, AgentTranscript } from "../desk/agent-chat.ts";
import { BackLink } from "./BackLink.tsx";
import { ChatComposer } from "./ChatComposer.tsx";
import { useDesk } from "./context.ts";
import { useFocusOnOpen } from "./focus.ts";
import { MemberFacts } from "./MemberFacts.tsx";
import { Messages } from "./Messages.tsx";
import { hrefOf } from "./place.ts";
import { waitedFor } from "./time.ts";

export function ChatView({ id }: { readonly id: string }) {
  const { agent, calls, memberTypes, transcript } = useDesk();
  const title = useFocusOnOpen<HTMLHeadingElement>();
  const shown = transcript.value?.conversation.id === id ? transcript.value : undefined;
  const mine = shown !== undefined && shown.conversation.agent?.id === agent.value?.id;
  const lastUnread = mine && shown.conversation.unread > 0 ? lastOfMember(shown) : undefined;

  useEffect(() => {
    // Reading on a page that nobody looks at is not reading.
    if (lastUnread !== undefined && document.visibilityState === "visible") {
      calls()
        ?.markRead(id, lastUnread)
        .catch(() => undefined);
    }
  }, [lastUnread]);

  if (!shown) return <p class="empty">Loading…</p>;
  const { conversation, messages } = shown;
  return (
    <article class="view" aria-labelledby="view-title">
      <header class="view-head">
        <BackLink />
        <h2 id="view-title" ref={title} tabIndex={-1}>
          Chat with {conversation.member.name ?? "a guest"}
        </h2>
        <p class="facts">
          <MemberFacts
            member={conversation.member}
            locale={conversation.locale}
            memberNumber={conversation.memberNumber}
          />
          <About conversation={conversation} />
        </p>
        {mine && conversation.status === "active" && <Actions id={id} asked={conversation.ticketRequested} />}
      </header>
      <Messages messages={messages} label="Chat" live />
      <output class="typing">
        {memberTypes.value ? `${conversation.member.name ?? "The member"} is typing…` : ""}
      </output>
      <Foot transcript={shown} mine={mine} />
    </article>
  );
}

function About({ conversation: { ticket } }: { readonly conversation: AgentConversation }) {
  if (!ticket) return null;
  return <a href={hrefOf({ kind: "ticket", id: ticket.id })}>{`About #${ticket.number} ${ticket.title}`}</a>;
}

function Actions({ asked, id }: { readonly asked: boolean; readonly id: string }) {
  const { act } = useDesk();
  return (
    <div class="actions">
      <button type="button" onClick={() => void act((calls) => calls.requestTicket(id))}>
        {asked ? "Ask for a ticket again" : "Ask for a ticket"}
      </button>
      <button type="button" onClick={() => void act((calls) => calls.end(id))}>
        End chat
      </button>
      {asked && <span class="meta">The member was asked to file a ticket in their language.</span>}
    </div>
  );
}

function Foot({ mine, transcript }: { readonly mine: boolean; readonly transcript: AgentTranscript }) {
  const { act } = useDesk();
  const { createdAt, id, status } = transcript.conversation;
  if (status === "ended") return <p class="notice">This chat has ended.</p>;
  if (mine) return <ChatComposer id={id} />;
  if (status === "active") return <p class="notice">{transcript.conversation.agent?.name} has this chat.</p>;
  return (
    <div class="notice">
      <p>Waits {waitedFor(createdAt)}. Nobody answers yet.</p>
      <button type="button" class="primary" onClick={() => void act((calls) => calls.take(id))}>
        Take
      </button>
    </div>
  );
}

function lastOfMember({ messages }: AgentTranscript): string | undefined {
  return messages.findLast(({ author }) => author.role === "member")?.id;
}
