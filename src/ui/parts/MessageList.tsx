import { useState } from "preact/hooks";
import type { Attachment, Message, TicketStatus } from "../../core/contract/adapter.ts";
import { bodyOf, picturesIn } from "../../core/contract/message-body.ts";
import type { Words } from "../../core/delivery/composer.ts";
import type { OutboxEntry } from "../../core/delivery/outbox-entry.ts";
import { useT, useUi } from "../context.ts";
import { AttachmentView } from "./Attachment.tsx";
import { authorName } from "./author-name.ts";
import { Avatar } from "./Avatar.tsx";
import { Gallery } from "./gallery.ts";
import { ErrorLine } from "./Notice.tsx";
import { RichText } from "./RichText.tsx";
import { Clock } from "./Time.tsx";
import { Translation } from "./Translation.tsx";
import { useEnd } from "./use-end.ts";

const sameGroupMs = 5 * 60_000;

interface MessageListProps {
  readonly label: string;
  readonly messages: readonly Message[];
  readonly pending: readonly OutboxEntry<Words>[];
  /** The id of the first message that the member has not seen; the "new" divider goes above it. */
  readonly firstNew?: string | undefined;
  /** The receipt of the member's newest message. */
  readonly mark?: { readonly messageId: string; readonly mark: "sent" | "delivered" | "read" } | undefined;
  /** Older messages can be loaded. */
  readonly hasOlder?: boolean;
  onOlder?(): void;
  onRetry(id: string): void;
  onTakeBack(refused: Words): void;
}

const changes = {
  open: "thread.toOpen",
  awaiting: "thread.toAwaiting",
  resolved: "thread.toResolved",
} as const satisfies Record<TicketStatus, string>;

/**
 * A conversation: the desk's messages, then those still being sent. Stays at the newest unless the reader scrolls up.
 */
export function MessageList(props: MessageListProps) {
  const { label, messages, pending, firstNew, mark, hasOlder, onOlder, onRetry, onTakeBack } = props;
  const t = useT();
  const { widget, pictures } = useUi();
  const [failed, setFailed] = useState(false);
  const { list, below, toEnd, onScroll } = useEnd({
    first: messages[0]?.id,
    news: messages.filter(({ author }) => author.role !== "member").length,
    own: pending.at(-1)?.item.clientId,
    onTop: () => hasOlder && onOlder?.(),
  });

  /** The viewer can page through all pictures of the conversation. */
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
        // The panel's live region announces new messages; this one would also read out the member's own.
        aria-live="off"
        aria-label={label}
        tabIndex={0}
        onScroll={onScroll}
      >
        {hasOlder && (
          <button type="button" class="link" onClick={onOlder}>
            {t("chat.older")}
          </button>
        )}
        {messages.flatMap((message, index) => [
          message.id === firstNew && (
            <div key="new" class="divider" role="separator" aria-label={t("thread.new")}>
              {t("thread.new")}
            </div>
          ),
          <MessageView key={message.id} message={message} first={startsGroup(message, messages[index - 1])} />,
          message.id === mark?.messageId && pending.length === 0 && (
            <p key="mark" class="meta mark">
              {t(`chat.${mark.mark}`)}
            </p>
          ),
        ])}
        {pending.map((entry) => (
          <PendingView
            key={entry.item.clientId}
            entry={entry}
            onRetry={() => onRetry(entry.item.clientId)}
            onTakeBack={() => onTakeBack(entry.item)}
          />
        ))}
        {failed && <ErrorLine>{t("files.toolsFailed")}</ErrorLine>}
      </div>
      {below > 0 && (
        <button type="button" class="secondary to-newest" onClick={toEnd}>
          {t("chat.toNewest", { count: below })}
        </button>
      )}
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
  const { author, text, at, attachments = [], change } = message;
  if (change) return <ChangeLine message={message} status={change.status} />;
  if (author.role === "system") {
    return (
      <div class="message system">
        <RichText text={text} by={author.role} attachments={attachments} />
        <AttachmentsView message={message} />
      </div>
    );
  }
  const name = authorName(author, t);
  return (
    <article class={`message ${author.role} ${first ? "first" : ""}`} aria-label={name}>
      {first && (
        <header>
          {author.role !== "member" && <Avatar name={name} picture={author.picture} />}
          <span class="author">{name}</span>
          {author.role === "participant" && author.name && <span class="meta">{t("thread.participant")}</span>}
          <Clock at={at} />
        </header>
      )}
      {text && (
        <div class="bubble">
          <RichText text={text} by={author.role} attachments={attachments} />
        </div>
      )}
      {text && author.role !== "member" && <Translation message={message} />}
      <AttachmentsView message={message} />
    </article>
  );
}

/** A status change and who made it. */
function ChangeLine({ message: { author, at }, status }: { readonly message: Message; readonly status: TicketStatus }) {
  const t = useT();
  const isNamed = author.role === "member" || (author.role !== "system" && author.name !== undefined);
  return (
    <p class={`change ${status}`}>
      <strong>{Object.hasOwn(changes, status) ? t(changes[status]) : status}</strong>
      {isNamed && <span>{authorName(author, t)}</span>}
      <Clock at={at} />
    </p>
  );
}

/** The attachments that are not inline in the text. */
function AttachmentsView({ message }: { readonly message: Message }) {
  const { attachments = [] } = message;
  const shown = attachments.length > 0 ? picturesIn(bodyOf(message)) : undefined;
  const below = attachments.filter(({ id }) => !shown?.has(id));
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
  readonly entry: OutboxEntry<Words>;
  onRetry(): void;
  onTakeBack(): void;
}

function PendingView({ entry: { item, state }, onRetry, onTakeBack }: PendingProps) {
  const t = useT();
  return (
    <article class="message member pending" aria-label={t("thread.you")}>
      {item.text && (
        <div class="bubble">
          <RichText text={item.text} by="member" />
        </div>
      )}
      {(state.status === "waiting" || state.status === "sending" || state.status === "uploading") && (
        <p class="meta">{t(`message.${state.status}`)}</p>
      )}
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
          {t("message.refused")} {state.file && `${t("files.failed", { name: state.file })} `}
          {t(`errors.${state.code}`)}{" "}
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
