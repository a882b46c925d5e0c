import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Attachment, Message, MessageDraft, TicketStatus } from "../../core/adapter.ts";
import type { OutboxEntry } from "../../core/outbox.ts";
import { useT, useUi } from "../context.ts";
import { AttachmentView } from "./Attachment.tsx";
import { Gallery } from "./gallery.ts";
import { ErrorLine } from "./Notice.tsx";
import { RichText } from "./RichText.tsx";
import { clockTime } from "./time.ts";

const sameGroupMs = 5 * 60_000;

interface MessageListProps {
  readonly label: string;
  readonly messages: readonly Message[];
  readonly pending: readonly OutboxEntry<MessageDraft>[];
  /** Where the news begins: the id of the first message that the member has not seen. */
  readonly firstNew?: string | undefined;
  onRetry(): void;
  onTakeBack(draft: MessageDraft): void;
}

const changes = {
  open: "thread.toOpen",
  awaiting: "thread.toAwaiting",
  resolved: "thread.toResolved",
} as const satisfies Record<TicketStatus, string>;

/** A conversation: what stands in the desk, then what is still on its way. Stays at the newest while the reader is there. */
export function MessageList({ label, messages, pending, firstNew, onRetry, onTakeBack }: MessageListProps) {
  const t = useT();
  const { widget, pictures } = useUi();
  const [failed, setFailed] = useState(false);
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

  /** All pictures of the conversation, for the viewer to leaf through. */
  function show(picture: Attachment) {
    const all = messages.flatMap(({ attachments = [] }) => attachments.filter(({ type }) => type.startsWith("image/")));
    const viewed = all.map(({ id, name }) => ({ name, load: () => widget.download(id) }));
    const start = all.findIndex(({ id }) => id === picture.id);
    void pictures.view(viewed, start).then(
      () => setFailed(false),
      () => setFailed(true),
    );
  }

  return (
    <Gallery.Provider value={show}>
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
        {messages.flatMap((message, index) => [
          message.id === firstNew && (
            <div key="new" class="divider" role="separator" aria-label={t("thread.new")}>
              {t("thread.new")}
            </div>
          ),
          <MessageView key={message.id} message={message} first={startsGroup(message, messages[index - 1])} />,
        ])}
        {pending.map((entry) => (
          <PendingView
            key={entry.item.clientId}
            entry={entry}
            onRetry={onRetry}
            onTakeBack={() => onTakeBack(entry.item)}
          />
        ))}
        {failed && <ErrorLine>{t("files.toolsFailed")}</ErrorLine>}
      </div>
    </Gallery.Provider>
  );
}

function startsGroup(message: Message, before: Message | undefined): boolean {
  return (
    !before ||
    before.author.id !== message.author.id ||
    before.author.role !== message.author.role ||
    before.change !== undefined ||
    Date.parse(message.at) - Date.parse(before.at) > sameGroupMs
  );
}

function MessageView({ message, first }: { readonly message: Message; readonly first: boolean }) {
  const t = useT();
  const { locale } = useUi().i18n;
  const { author, text, at, attachments = [], change } = message;
  const who = author.role === "member" ? t("thread.you") : author.role === "agent" ? author.name : undefined;
  if (change) {
    return (
      <p class={`change ${change.status}`}>
        <strong>{t(changes[change.status])}</strong>
        {who && <span>{who}</span>}
        <time dateTime={at}>{clockTime(at, locale.value)}</time>
      </p>
    );
  }
  if (author.role === "system") {
    return (
      <div class="message system">
        <RichText text={text} attachments={attachments} />
        <AttachmentsView attachments={attachments} text={text} />
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
          <RichText text={text} attachments={attachments} />
        </div>
      )}
      <AttachmentsView attachments={attachments} text={text} />
    </article>
  );
}

/** Those that the text does not show by itself. */
function AttachmentsView({
  attachments,
  text,
}: {
  readonly attachments: readonly Attachment[];
  readonly text: string;
}) {
  const below = attachments.filter(({ id }) => !text.includes(`](attachment:${id})`));
  if (below.length === 0) return null;
  return (
    <div class="attachments">
      {below.map((attachment) => (
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
