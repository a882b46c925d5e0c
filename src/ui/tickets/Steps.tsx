import type { TicketWords } from "../../core/tickets/ticket-form.ts";
import type { Widget } from "../context.ts";
import { useT } from "../context.ts";
import { TextArea } from "../parts/Field.tsx";

type Form = NonNullable<Widget["tickets"]["value"]>["form"];

/** Three questions instead of an empty box; only what happened has to be said. */
export function Steps({ form, error, disabled }: { form: Form; error: string | undefined; disabled: boolean }) {
  const t = useT();
  const words = form.words.value;
  return (
    <fieldset class="field steps">
      <legend>{t("form.text")}</legend>
      <p class="hint">{t("form.textHint")}</p>
      <TextArea
        label={t("form.did")}
        optional
        rows={2}
        value={words.did}
        placeholder={t("form.didPlaceholder")}
        disabled={disabled}
        onInput={(did) => form.write({ did })}
      />
      <TextArea
        label={t("form.happened")}
        rows={2}
        value={words.text}
        error={error}
        disabled={disabled}
        onInput={(text) => form.write({ text })}
      />
      <TextArea
        label={t("form.expected")}
        optional
        rows={1}
        value={words.expected}
        disabled={disabled}
        onInput={(expected) => form.write({ expected })}
      />
    </fieldset>
  );
}

/** As an agent reads it: each answer under its question, or the one answer that there is, as it stands. */
export function descriptionOf({ did, text, expected }: TicketWords, t: ReturnType<typeof useT>): string {
  const parts = [
    [t("form.did"), did],
    [t("form.happened"), text],
    [t("form.expected"), expected],
  ].flatMap(([question, answer = ""]) => (answer.trim() ? [`${question}\n${answer.trim()}`] : []));
  return parts.length > 1 ? parts.join("\n\n") : text.trim();
}
