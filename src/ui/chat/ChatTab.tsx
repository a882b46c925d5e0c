import { useEffect } from "preact/hooks";
import { canReach } from "../can-reach.ts";
import type { Widget } from "../context.ts";
import { useT, useUi } from "../context.ts";
import { Empty } from "../parts/Empty.tsx";
import { Skeleton } from "../parts/Skeleton.tsx";
import { ChatForm } from "./ChatForm.tsx";
import { Conversation } from "./Conversation.tsx";
import { LanguageNotice } from "./LanguageNotice.tsx";
import { Queue } from "./Queue.tsx";

const lookMs = 15_000;

export function ChatTab() {
  const { widget } = useUi();
  const chat = widget.chat.value;
  return chat ? <ChatSteps chat={chat} /> : null;
}

function ChatSteps({ chat }: { readonly chat: NonNullable<Widget["chat"]["value"]> }) {
  const t = useT();
  const conversation = chat.conversation.value;
  const waiting = !conversation || conversation.status === "queued";

  // Availability and waiting time change while the member writes or waits.
  useEffect(() => {
    if (!waiting) return;
    const timer = setInterval(() => void chat.refreshAvailability(), lookMs);
    return () => clearInterval(timer);
  }, [chat, waiting]);

  if (conversation?.status === "queued") return <Queue chat={chat} />;
  if (conversation) return <Conversation chat={chat} />;
  if (chat.loading.value) return <Skeleton label={t("panel.connecting")} />;
  if (chat.languageNotice.value) return <LanguageNotice chat={chat} />;
  if (chat.availability.value?.open === false) return <Closed chat={chat} />;
  return <ChatForm chat={chat} />;
}

/** Nobody is online: offers the ticket form with the same text. */
function Closed({ chat }: { readonly chat: NonNullable<Widget["chat"]["value"]> }) {
  const t = useT();
  const { widget } = useUi();
  return (
    <Empty icon="clock" title={t("chat.closedTitle")}>
      {canReach(widget, "tickets") && (
        <>
          <p>{t("chat.closedText")}</p>
          <button type="button" class="primary" onClick={() => widget.handOff({ text: chat.form.value.question })}>
            {t("chat.closedTicket")}
          </button>
        </>
      )}
    </Empty>
  );
}
