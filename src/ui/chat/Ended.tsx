import { canReach } from "../can-reach.ts";
import type { Widget } from "../context.ts";
import { useT, useUi } from "../context.ts";
import { Rate } from "../parts/Rate.tsx";
import { Transcript } from "./Transcript.tsx";

interface EndedProps {
  readonly chat: NonNullable<Widget["chat"]["value"]>;
  onTicket(): void;
}

/** After a chat: a rating, a ticket about it, or a new chat. */
export function Ended({ chat, onTicket }: EndedProps) {
  const t = useT();
  const { widget } = useUi();
  return (
    <div class="ended">
      <Rate title={t("chat.rateTitle")} rated={chat.rated.value} onRate={(rating) => void chat.rate(rating)} />
      <button type="button" class="secondary" onClick={() => chat.startOver()}>
        {t("chat.again")}
      </button>
      <div class="links">
        <Transcript chat={chat} />
        {canReach(widget, "tickets") && !chat.ticketRequestedBy.value && (
          <button type="button" class="link" onClick={onTicket}>
            {t("chat.closedTicket")}
          </button>
        )}
      </div>
    </div>
  );
}
