import { useState } from "preact/hooks";
import type { Rating } from "../../core/contract/adapter.ts";
import { useT } from "../context.ts";
import { TextField } from "./Field.tsx";

const scores = [1, 2, 3, 4, 5] as const;

interface RateProps {
  readonly title: string;
  readonly rated: boolean;
  onRate(rating: Rating): void;
}

/** Rates the help: a score first, then an optional comment. */
export function Rate({ title, rated, onRate }: RateProps) {
  const t = useT();
  const [score, setScore] = useState<Rating["score"]>();
  const [comment, setComment] = useState("");
  if (rated) {
    return (
      <p class="center" role="status">
        {t("chat.rateThanks")}
      </p>
    );
  }
  function send(event: Event) {
    event.preventDefault();
    if (score) onRate({ score, ...(comment.trim() && { comment: comment.trim() }) });
  }
  return (
    <form class="stack" onSubmit={send} aria-label={title}>
      <fieldset class="rating">
        <legend>{title}</legend>
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
        <p class="rating-ends meta" aria-hidden="true">
          <span>{t("chat.ratingLow")}</span>
          <span>{t("chat.ratingHigh")}</span>
        </p>
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
  );
}
