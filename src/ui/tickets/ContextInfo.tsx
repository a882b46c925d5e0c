import type { Widget } from "../context.ts";
import { useT } from "../context.ts";
import { Icon } from "../parts/Icon.tsx";

type Form = NonNullable<Widget["tickets"]["value"]>["form"];
type Part = Form["context"]["value"][number]["part"];

/** The context that the widget adds to a ticket: shown before sending, and each part can be removed. */
export function ContextInfo({ form, disabled }: { readonly form: Form; readonly disabled: boolean }) {
  const t = useT();
  const known = form.context.value;
  const { withheld } = form.words.value;
  if (known.length === 0) return null;

  // Removed parts that are absent now are kept: they may appear later and must stay removed.
  const choose = (part: Part, isSent: boolean) =>
    form.write({ withheld: isSent ? withheld.filter((one) => one !== part) : [...withheld, part] });
  return (
    <details class="context">
      <summary>
        <span>
          {t("context.title")} ({known.filter(({ part }) => !withheld.includes(part)).length})
        </span>
        <Icon name="down" size={18} />
      </summary>
      <p class="hint">{t("context.text")}</p>
      {known.map((one) => (
        <label key={one.part} class="checkbox">
          <input
            type="checkbox"
            checked={!withheld.includes(one.part)}
            disabled={disabled}
            onChange={({ currentTarget: { checked } }) => choose(one.part, checked)}
          />
          <span>
            {one.name === undefined ? t(`context.${one.part}`) : <bdi>{one.name}</bdi>}
            <span class="context-value" dir="auto">
              {one.value}
            </span>
          </span>
        </label>
      ))}
    </details>
  );
}
