import { useEffect, useRef } from "preact/hooks";
import { canReach } from "../can-reach.ts";
import type { Widget } from "../context.ts";
import { useT, useUi } from "../context.ts";
import { Drawing } from "../parts/Empty.tsx";
import { inLanguage, inLanguages } from "./in-language.ts";

type Chat = NonNullable<Widget["chat"]["value"]>;

/**
 * Shown before the queue if the team doesn't speak the member's language: continue, or file a ticket with the same
 * text.
 */
export function LanguageNotice({ chat }: { readonly chat: Chat }) {
  const t = useT();
  const { widget, i18n } = useUi();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const locale = i18n.locale.value;
  const own = inLanguage(t, locale, locale);
  const languages = chat.availability.value?.languages ?? [];
  const spoken = inLanguages(t, languages, locale);
  const ticketsOpen = canReach(widget, "tickets");
  return (
    <div class="empty">
      <Drawing icon="chat" />
      <h2 ref={heading} tabIndex={-1}>
        {t("chat.noticeTitle", { spoken })}
      </h2>
      <p>{t("chat.noticeText", { spoken, own })}</p>
      <div class="stack">
        {ticketsOpen && (
          <button
            type="button"
            class="primary"
            onClick={() => widget.handOff({ text: chat.form.value.question, language: locale })}
          >
            {t("chat.noticeTicket", { own })}
          </button>
        )}
        <button type="button" class="secondary" onClick={() => void chat.startAnyway()}>
          {t("chat.noticeChat", { spoken })}
        </button>
        <button type="button" class="link" onClick={() => chat.dismissNotice()}>
          {t("panel.back")}
        </button>
      </div>
    </div>
  );
}
