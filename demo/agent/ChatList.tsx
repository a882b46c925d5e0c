import type { AgentConversation } from "../desk/agent-chat.ts";
import { useDesk } from "./context.ts";
import { hrefOf } from "./place.ts";
import { fullTime, languageName, waitedFor } from "./time.ts";

/** The queue, and the agent's own chats. */
export function ChatList() {
  const { mine, queue } = useDesk();
  return (
    <>
      <section aria-labelledby="queue-title">
        <h2 id="queue-title">
          Chat queue <Count of={queue.value.length} />
        </h2>
        {queue.value.length === 0 ? (
          <p class="none">No member is waiting.</p>
        ) : (
          <ul>
            {queue.value.map((one) => (
              <Row key={one.id} conversation={one} waiting />
            ))}
          </ul>
        )}
      </section>
      {mine.value.length > 0 && (
        <section aria-labelledby="mine-title">
          <h2 id="mine-title">
            My chats <Count of={mine.value.length} />
          </h2>
          <ul>
            {mine.value.map((one) => (
              <Row key={one.id} conversation={one} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Count({ of }: { readonly of: number }) {
  return of > 0 ? <span class="count">{of}</span> : null;
}

function Row({
  conversation,
  waiting = false,
}: {
  readonly conversation: AgentConversation;
  readonly waiting?: boolean;
}) {
  const { act, place } = useDesk();
  const { id, locale, member, question, unread, waitingSince } = conversation;
  const current = place.at.value?.id === id;

  async function take(): Promise<void> {
    if (await act((calls) => calls.take(id))) place.go({ kind: "chat", id });
  }

  return (
    <li class="row">
      <a href={hrefOf({ kind: "chat", id })} aria-current={current ? "page" : undefined}>
        <span class="row-title">
          <b>{member.name ?? "A guest"}</b>
          {!waiting && unread > 0 && (
            <span class="count">
              {unread}
              <span class="visually-hidden"> unread</span>
            </span>
          )}
        </span>
        <span class="row-text">{question}</span>
        <span class="meta">
          {member.rank !== undefined && `${member.rank} · `}
          {languageName(locale)}
          {waiting && (
            <>
              {" · waits "}
              <time dateTime={waitingSince} title={fullTime(waitingSince)}>
                {waitedFor(waitingSince)}
              </time>
            </>
          )}
        </span>
      </a>
      {waiting && (
        <button type="button" class="primary" onClick={() => void take()}>
          Take<span class="visually-hidden"> the chat of {member.name ?? "a guest"}</span>
        </button>
      )}
    </li>
  );
}
