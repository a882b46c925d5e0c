import { useEffect } from "preact/hooks";
import type { Widget } from "../context.ts";
import { useT, useUi } from "../context.ts";
import { Avatar } from "../parts/Avatar.tsx";
import { Composer } from "../parts/Composer.tsx";
import { MessageList } from "../parts/MessageList.tsx";
import { ErrorNotice, Notice } from "../parts/Notice.tsx";
import { Ended } from "./Ended.tsx";

type Chat = NonNullable<Widget["chat"]["value"]>;

/** A chat with an agent. */
export function Conversation({ chat }: { readonly chat: Chat }) {
  const t = useT();
  const { widget } = useUi();
  const conversation = chat.conversation.value;
  const ended = conversation?.status === "ended";
  const agent = conversation?.agent?.name ?? t("thread.team");
  const count = chat.messages.value.length;
  const looks = widget.looks.value;
  useEffect(() => {
    if (looks) chat.seen();
  }, [chat, count, looks]);

  const toTicket = () => widget.handOff({ conversationId: conversation?.id ?? "", text: chat.question.value });

  return (
    <div class="conversation">
      <Head chat={chat} agent={agent} />
      {chat.failure.value && <ErrorNotice code={chat.failure.value} />}
      <MadeTicket chat={chat} />
      <MessageList
        label={t("chat.messages")}
        messages={chat.messages.value}
        pending={chat.pending.value}
        mark={chat.mark.value}
        hasOlder={chat.hasOlder.value}
        onOlder={() => chat.older()}
        onRetry={(id) => chat.retry(id)}
        onTakeBack={(draft) => chat.takeBack(draft)}
      />
      <p class="typing">
        {chat.agentTyping.value ? t("chat.typing", { name: chat.agentTyping.value.name ?? agent }) : null}
      </p>
      <TicketRequested chat={chat} onGo={toTicket} />
      {ended ? (
        <Ended chat={chat} onTicket={toTicket} />
      ) : (
        <Composer
          label={t("chat.message")}
          text={chat.text.value}
          files={widget.canUpload.value ? chat.files : undefined}
          onInput={(text) => chat.write(text)}
          onSend={() => void chat.send()}
        />
      )}
    </div>
  );
}

/** The agent's name and the button that ends the chat. */
function Head({ chat, agent }: { readonly chat: Chat; readonly agent: string }) {
  const t = useT();
  const { status, agent: author } = chat.conversation.value ?? {};
  return (
    <div class="chat-head">
      <Avatar name={agent} picture={author?.picture} />
      <h2>{status === "ended" ? t("chat.ended") : t("chat.with", { name: agent })}</h2>
      {status !== "ended" &&
        (chat.leaving.value ? (
          <p class="meta" role="status">
            {t("chat.ending")}
          </p>
        ) : (
          <button type="button" class="link" onClick={() => chat.end()}>
            {t("chat.end")}
          </button>
        ))}
    </div>
  );
}

/** A link to the ticket that was created from the chat. */
function MadeTicket({ chat }: { readonly chat: Chat }) {
  const t = useT();
  const { widget } = useUi();
  const made = chat.conversation.value?.ticket;
  if (!made || !widget.offers("tickets")) return null;
  return (
    <Notice>
      <button
        type="button"
        class="link"
        onClick={() => widget.navigate({ tab: "tickets", view: "ticket", id: made.id })}
      >
        {t("chat.madeTicket", { number: made.number })}
      </button>
    </Notice>
  );
}

/** The agent asked for a ticket instead. */
function TicketRequested({ chat, onGo }: { readonly chat: Chat; onGo(): void }) {
  const t = useT();
  const { widget } = useUi();
  const by = chat.ticketRequestedBy.value;
  if (!by || !widget.offers("tickets")) return null;
  return (
    <Notice tone="warn">
      <p>{t("chat.requested", { name: by.name ?? t("thread.team") })}</p>
      <button type="button" class="primary" onClick={onGo}>
        {t("chat.requestedGo")}
      </button>
    </Notice>
  );
}
