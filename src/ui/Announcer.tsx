import { useEffect, useState } from "preact/hooks";
import { useT, useUi } from "./context.ts";

/** Says once, politely, what came in: the newest message of somebody else, and an agent joining. */
export function Announcer() {
  const t = useT();
  const { widget } = useUi();
  const [said, say] = useState("");
  const chat = widget.chat.value;
  const agent = chat?.conversation.value?.status === "active" ? chat.conversation.value.agent : undefined;
  const chatMessage = chat?.messages.value.findLast((message) => message.author.role === "agent");
  const threadMessage = widget.tickets.value?.thread.value?.messages.value.findLast(({ author }) => author.role === "agent");

  useEffect(() => {
    if (agent) say(t("chat.joined", { name: agent.name ?? t("thread.team") }));
  }, [agent?.id]);
  const announce = (message: typeof chatMessage) => {
    if (message) say(t("chat.newMessage", { name: message.author.name ?? t("thread.team"), text: message.text }));
  };
  useEffect(() => announce(chatMessage), [chatMessage?.id]);
  useEffect(() => announce(threadMessage), [threadMessage?.id]);
  return (
    <p class="announcer" aria-live="polite">
      {said}
    </p>
  );
}
