import type { Widget } from "../context.ts";
import { useT, useUi } from "../context.ts";
import { Rate } from "../parts/Rate.tsx";
import { Transcript } from "./Transcript.tsx";

interface EndedProps {
  readonly chat: NonNullable<Widget["chat"]["value"]>;
  onTicket(): void;
}

/** After the chat: a rating, a ticket about the same, or a new chat. */
export function Ended({ chat, onTicket }: EndedProps) {
  const t = useT();
  const { widget } = useUi();
  return (
    <div class="ended">
      <Rate title={t("chat.rateTitle")} rated={chat.rated.value} onRate={(rating) => void chat.rate(rating)} />
      <div class="stack">
        <Transcript chat={chat} />
        <button type="button" class="secondary" onClick={() => chat.startOver()}>
          {t("chat.again")}
        </button>
        {widget.offers("tickets") && !chat.ticketRequestedBy.value && (
          <button type="button" class="link" onClick={onTicket}>
            {t("chat.closedTicket")}
          </button>
        )}
      </div>
    </div>
  );
}
