import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Attachment, Message, MessageDraft } from "../../core/adapter.ts";
import type { OutboxEntry } from "../../core/outbox.ts";
import { useT, useUi } from "../context.ts";
import { AttachmentView } from "./Attachment.tsx";
import { RichText } from "./RichText.tsx";
import { clockTime } from "./time.ts";

const sameGroupMs = 5 * 60_000;

interface MessageListProps {
  readonly label: string;
  readonly messages: readonly Message[];
  readonly pending: readonly OutboxEntry<MessageDraft>[];
  onRetry(): void;
  onTakeBack(draft: MessageDraft): void;
}

/** A conversation: what stands in the desk, then what is still on its way. Stays at the newest while the reader is there. */
export function MessageList({ label, messages, pending, onRetry, onTakeBack }: MessageListProps) {
  const list = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const count = messages.length + pending.length;

  const toEnd = () => {
    if (list.current && atEnd.current) list.current.scrollTop = list.current.scrollHeight;
  };
  useLayoutEffect(toEnd, [count]);
  // The composer grows, a notice comes up, the keyboard opens: the newest message stays in sight.
  useEffect(() => {
    const observer = new ResizeObserver(toEnd);
    if (list.current) observer.observe(list.current);
    return () => observer.disconnect();
  }, []);

  return (
    <div
      ref={list}
      class="messages"
      role="log"
      // New messages are announced by the panel's own live region: the echo of one's own would be read out twice here.
      aria-live="off"
      aria-label={label}
      tabIndex={0}
      onScroll={(event) => {
        const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
        atEnd.current = scrollHeight - scrollTop - clientHeight < 48;
      }}
    >
      {messages.map((message, index) => (
        <MessageView key={message.id} message={message} first={startsGroup(message, messages[index - 1])} />
      ))}
      {pending.map((entry) => (
        <PendingView
          key={entry.item.clientId}
          entry={entry}
          onRetry={onRetry}
          onTakeBack={() => onTakeBack(entry.item)}
        />
      ))}
    </div>
  );
}

function startsGroup(message: Message, before: Message | undefined): boolean {
  return (
    !before ||
    before.author.id !== message.author.id ||
    before.author.role !== message.author.role ||
    Date.parse(message.at) - Date.parse(before.at) > sameGroupMs
  );
}

function MessageView({ message, first }: { readonly message: Message; readonly first: boolean }) {
  const t = useT();
  const { locale } = useUi().i18n;
  const { author, text, at, attachments = [] } = message;
  if (author.role === "system") {
    return (
      <div class="message system">
        <RichText text={text} />
      </div>
    );
  }
  const name = author.role === "member" ? t("thread.you") : (author.name ?? t("thread.team"));
  return (
    <article class={`message ${author.role} ${first ? "first" : ""}`} aria-label={name}>
      {first && (
        <header>
          {author.role === "agent" && (
            <span class="avatar" aria-hidden="true">
              {name.charAt(0)}
            </span>
          )}
          <span class="author">{name}</span>
          <time dateTime={at}>{clockTime(at, locale.value)}</time>
        </header>
      )}
      {text && (
        <div class="bubble">
          <RichText text={text} />
        </div>
      )}
      <AttachmentsView attachments={attachments} />
    </article>
  );
}

function AttachmentsView({ attachments }: { readonly attachments: readonly Attachment[] }) {
  if (attachments.length === 0) return null;
  return (
    <div class="attachments">
      {attachments.map((attachment) => (
        <AttachmentView key={attachment.id} attachment={attachment} />
      ))}
    </div>
  );
}

interface PendingProps {
  readonly entry: OutboxEntry<MessageDraft>;
  onRetry(): void;
  onTakeBack(): void;
}

function PendingView({ entry: { item, state }, onRetry, onTakeBack }: PendingProps) {
  const t = useT();
  return (
    <article class="message member pending" aria-label={t("thread.you")}>
      {item.text && (
        <div class="bubble">
          <RichText text={item.text} />
        </div>
      )}
      {(state.status === "waiting" || state.status === "sending") && <p class="meta">{t("message.sending")}</p>}
      {state.status === "retrying" && (
        <p class="meta" role="status">
          {t("message.retrying")}{" "}
          <button type="button" class="link" onClick={onRetry}>
            {t("message.tryAgain")}
          </button>
        </p>
      )}
      {state.status === "refused" && (
        <p class="field-error" role="alert">
          {t("message.refused")} {t(`errors.${state.code}`)}{" "}
          <button type="button" class="link" onClick={onRetry}>
            {t("message.tryAgain")}
          </button>{" "}
          <button type="button" class="link" onClick={onTakeBack}>
            {t("message.edit")}
          </button>
        </p>
      )}
    </article>
  );
}
