import type { Widget } from "../context.ts";
import { useT } from "../context.ts";
import { TextArea } from "../parts/Field.tsx";

type Form = NonNullable<Widget["tickets"]["value"]>["form"];

/** Three questions instead of an empty box; only "what happened" is required. */
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
