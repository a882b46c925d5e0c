import { useEffect, useRef, useState } from "preact/hooks";
import type { Message } from "../core/contract/adapter.ts";
import { bodyOf } from "../core/contract/message-body.ts";
import { spokenText } from "../core/contract/plain-text.ts";
import { splitQuotedTail } from "../core/contract/quoted-tail.ts";
import { useT, useUi } from "./context.ts";
import { authorName } from "./parts/author-name.ts";

const isOfOthers = ({ author }: Message) => author.role === "agent" || author.role === "participant";

/** A live region (polite): announces the newest message from someone else, and an agent joining. */
export function Announcer() {
  const t = useT();
  const { widget } = useUi();
  const [said, setSaid] = useState({ count: 0, text: "" });
  const chat = widget.chat.value;
  const open = widget.tickets.value?.thread.value;
  const thread = open?.status.value === "ready" ? open : undefined;
  const threadMessage = thread?.messages.value.findLast(isOfOthers);
  const known = useRef<{ readonly thread: typeof thread; readonly id: string | undefined }>(undefined);

  const say = (text: string) => setSaid(({ count }) => ({ count: count + 1, text }));
  const announce = (message: Message) => {
    say(
      t("chat.newMessage", {
        name: authorName(message.author, t),
        text: spokenText(splitQuotedTail(bodyOf(message)).words),
      }),
    );
  };

  useNews(chat?.joined.value, (agent) => say(t("chat.joined", { name: agent.name ?? t("thread.team") })));
  useNews(chat?.news.value, announce);
  // Messages that are already there when an issue opens are not announced, only later ones.
  useEffect(() => {
    if (!thread) return;
    if (threadMessage && known.current?.thread === thread && known.current.id !== threadMessage.id)
      announce(threadMessage);
    known.current = { thread, id: threadMessage?.id };
  }, [thread, threadMessage?.id]);

  return (
    <p class="unseen" aria-live="polite">
      {/* A new element each time, so that the same text twice is announced twice. */}
      {said.text && <span key={said.count}>{said.text}</span>}
    </p>
  );
}

/** Calls `tell` for each change after the first render; the initial value is not news. */
function useNews<T>(value: T | undefined, tell: (value: T) => void) {
  const known = useRef(value);
  useEffect(() => {
    if (value !== undefined && value !== known.current) tell(value);
    known.current = value;
  }, [value]);
}
