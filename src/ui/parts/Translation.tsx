import { useEffect, useState } from "preact/hooks";
import type { Message } from "../../core/contract/adapter.ts";
import { languageOf } from "../../core/contract/language-tag.ts";
import { wordsOf } from "../../core/contract/message-body.ts";
import { languageName } from "../../i18n/index.ts";
import { type TranslationTools, useT, useUi } from "../context.ts";
import { ErrorLine } from "./Notice.tsx";

type State = "idle" | "busy" | "failed" | { readonly text: string; readonly from: string; readonly to: string };

/**
 * An agent's message translated below the original. Offered if the browser can translate and the team doesn't write the
 * member's language.
 */
export function Translation({ message }: { readonly message: Message }) {
  const t = useT();
  const { i18n, translation } = useUi();
  const [state, setState] = useState<State>("idle");
  const locale = i18n.locale.value;
  const isOffered = useIsOffered(locale);
  if (!translation || !isOffered) return null;

  if (typeof state === "object" && state.to === locale) {
    // The message was already in the member's language.
    if (languageOf(state.from) === languageOf(locale)) return null;
    return (
      <div class="translation" role="status">
        <p lang={locale} dir="auto">
          {state.text}
        </p>
        <p class="meta">{t("translation.translated", { language: languageName(state.from, locale) })}</p>
      </div>
    );
  }

  function run({ translate }: TranslationTools) {
    setState("busy");
    translate(wordsOf(message), locale).then(
      (result) => setState({ ...result, to: locale }),
      () => setState("failed"),
    );
  }
  return (
    <>
      <button
        type="button"
        class="link"
        aria-disabled={state === "busy"}
        onClick={() => state !== "busy" && run(translation)}
      >
        {t(state === "busy" ? "translation.translating" : "translation.translate")}
      </button>
      {state === "failed" && <ErrorLine>{t("translation.failed")}</ErrorLine>}
    </>
  );
}

/** Whether the team doesn't write the member's language, and the browser can translate from the team's first one. */
function useIsOffered(locale: string): boolean {
  const { widget, translation } = useUi();
  const [isOffered, setOffered] = useState(false);
  const spoken = widget.chat.value?.availability.value?.languages ?? [];
  const isSpoken = spoken.some((tag) => languageOf(tag) === languageOf(locale));
  const from = isSpoken ? undefined : spoken[0];
  useEffect(() => {
    let isGone = false;
    setOffered(false);
    if (translation && from)
      translation.canTranslate(from, locale).then(
        (can) => isGone || setOffered(can),
        () => undefined,
      );
    return () => void (isGone = true);
  }, [from, locale]);
  return isOffered;
}
