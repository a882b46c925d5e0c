import { useState } from "preact/hooks";
import type { Rating } from "../../core/adapter.ts";
import type { Widget } from "../context.ts";
import { useT, useUi } from "../context.ts";
import { TextField } from "../parts/Field.tsx";

const scores = [1, 2, 3, 4, 5] as const;

interface EndedProps {
  readonly chat: NonNullable<Widget["chat"]["value"]>;
  onTicket(): void;
}

/** After the chat: a rating, a ticket about the same, or a new chat. */
export function Ended({ chat, onTicket }: EndedProps) {
  const t = useT();
  const { widget } = useUi();
  const [score, setScore] = useState<Rating["score"]>();
  const [comment, setComment] = useState("");

  function send(event: Event) {
    event.preventDefault();
    if (score) void chat.rate({ score, ...(comment.trim() && { comment: comment.trim() }) });
  }

  return (
    <div class="ended">
      {chat.rated.value ? (
        <p class="center" role="status">
          {t("chat.rateThanks")}
        </p>
      ) : (
        <form class="stack" onSubmit={send} aria-label={t("chat.rateTitle")}>
          <fieldset class="rating">
            <legend>{t("chat.rateTitle")}</legend>
            {scores.map((value) => (
              <label key={value} title={t(`chat.rating_${value}`)}>
                <input
                  type="radio"
                  name="score"
                  aria-label={t(`chat.rating_${value}`)}
                  checked={score === value}
                  onChange={() => setScore(value)}
                />
                <span aria-hidden="true">{value}</span>
              </label>
            ))}
          </fieldset>
          {score && (
            <>
              <TextField label={t("chat.rateComment")} optional value={comment} onInput={setComment} />
              <button type="submit" class="secondary">
                {t("chat.rateSend")}
              </button>
            </>
          )}
        </form>
      )}
      <div class="stack">
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
