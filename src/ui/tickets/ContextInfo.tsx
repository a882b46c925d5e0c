import type { ContextPart } from "../../core/tickets/ticket-form.ts";
import type { Widget } from "../context.ts";
import { useT } from "../context.ts";

type Form = NonNullable<Widget["tickets"]["value"]>["form"];

const parts = ["page", "browser", "screen", "language", "appVersion", "errors"] as const satisfies ContextPart[];

/** What the widget would add of itself: to be seen before it goes, and to be taken out part by part. */
export function ContextInfo({ form, disabled }: { readonly form: Form; readonly disabled: boolean }) {
  const t = useT();
  const context = form.context.value;
  const { withheld } = form.words.value;
  const known = parts.filter((part) => context[part]?.length);
  if (known.length === 0) return null;
  return (
    <details class="context">
      <summary>
        {t("context.title")} ({known.filter((part) => !withheld.includes(part)).length})
      </summary>
      <p class="hint">{t("context.text")}</p>
      {known.map((part) => (
        <label key={part} class="checkbox">
          <input
            type="checkbox"
            checked={!withheld.includes(part)}
            disabled={disabled}
            onChange={({ currentTarget: { checked } }) =>
              // A part that is not there now may come later, and stays taken out.
              form.write({ withheld: parts.filter((one) => (one === part ? !checked : withheld.includes(one))) })
            }
          />
          <span>
            {t(`context.${part}`)}
            <span class="context-value" dir="auto">
              {[context[part]].flat().join("\n")}
            </span>
          </span>
        </label>
      ))}
    </details>
  );
}
