import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { DeskMessage } from "../desk/messages.ts";
import { AttachmentView } from "./AttachmentView.tsx";
import { beside, RichText } from "./RichText.tsx";
import { Status } from "./Status.tsx";
import { clockTime, fullTime, shortTime } from "./time.ts";

interface Props {
  readonly messages: readonly DeskMessage[];
  readonly label: string;
  /** New messages are announced and scrolled into view. */
  readonly live: boolean;
  /** The newest message that the member has read. */
  readonly memberRead?: string | undefined;
}

/** Further up than this, the reader is reading older messages and is not scrolled. */
const nearPx = 80;

export function Messages({ label, live, memberRead, messages }: Props) {
  const seen = seenOf(messages, memberRead);
  const list = useRef<HTMLDivElement>(null);
  const last = messages.at(-1)?.id;
  const follows = useRef(true);

  function toTheEnd(): void {
    if (list.current && follows.current) list.current.scrollTop = list.current.scrollHeight;
  }
  useLayoutEffect(toTheEnd, [last]);
  useEffect(() => {
    if (!list.current) return undefined;
    // A phone's keyboard shrinks the list; a loaded picture makes its content longer.
    const observer = new ResizeObserver(toTheEnd);
    observer.observe(list.current);
    for (const message of list.current.children) observer.observe(message);
    return () => observer.disconnect();
  }, [last]);

  return (
    // Focusable, so that it can be scrolled by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div
      class="messages"
      ref={list}
      role={live ? "log" : "region"}
      aria-label={label}
      tabIndex={0}
      onScroll={({ currentTarget: box }) => {
        follows.current = box.scrollHeight - box.scrollTop - box.clientHeight < nearPx;
      }}
    >
      {messages.map((message) => (
        <One key={message.id} message={message} seen={message.id === seen} />
      ))}
    </div>
  );
}

/** The newest agent message that the member has read. */
function seenOf(messages: readonly DeskMessage[], memberRead: string | undefined): string | undefined {
  const read = messages.slice(0, messages.findIndex(({ id }) => id === memberRead) + 1);
  return read.findLast(({ author }) => author.role === "agent")?.id;
}

function One({ message, seen }: { readonly message: DeskMessage; readonly seen: boolean }) {
  const { at, author, change, internal } = message;
  const files = beside(message);
  const time = (
    <time class="meta" dateTime={at} title={fullTime(at)}>
      {shortTime(at) === clockTime(at) ? clockTime(at) : `${shortTime(at)}, ${clockTime(at)}`}
    </time>
  );
  if (change) {
    return (
      <p class="change meta">
        <Status of={change.status} /> {author.name ?? (author.role === "member" ? "The member" : "The desk")} {time}
      </p>
    );
  }
  return (
    <article class={internal ? "message message-note" : `message message-${author.role}`}>
      <p class="message-head">
        {author.role === "system" ? <b>Desk</b> : <b>{author.name ?? "A guest"}</b>}
        {author.role === "agent" && !internal && <span class="chip">Agent</span>}
        {internal && <span class="chip">Internal note: members never see it</span>}
        {time}
      </p>
      <RichText message={message} />
      {files.length > 0 && (
        <ul class="attachments">
          {files.map((one) => (
            <li key={one.id}>
              <AttachmentView attachment={one} />
            </li>
          ))}
        </ul>
      )}
      {seen && <p class="meta">Read by the member</p>}
    </article>
  );
}
