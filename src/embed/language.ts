import type { ReadonlySignal } from "@preact/signals-core";
import type { Options } from "../core/options.ts";
import type { Catalog } from "../i18n/catalog.ts";
import { createI18n, type I18n } from "../i18n/index.ts";
import { withOwnTexts } from "../i18n/own-texts.ts";
import { startLanguage } from "../i18n/start-language.ts";
import { warn } from "../loader/log.ts";
import { recallFor, rememberFor } from "../loader/remembered.ts";

/** Used if the texts of the wanted language can't be loaded. */
const fallback = "en";

/** The language that the member chose, or the one that the page requests. Rejects if no texts can be loaded. */
export async function startI18n(options: ReadonlySignal<Options>, catalog: Catalog): Promise<I18n> {
  const language = startLanguage(catalog.languages, options.peek(), recallFor("language"));
  const texts = withOwnTexts(catalog, () => options.peek().texts, warn);
  try {
    return await createI18n(language, texts);
  } catch (error) {
    if (language === fallback) throw error;
    warn(`the texts of "${language}" could not be loaded; the widget uses "${fallback}"`, error);
    return await createI18n(fallback, texts);
  }
}

/** The member chooses another language. If its texts can't be fetched, it is not remembered. */
export async function chooseLanguage(i18n: I18n, wanted: string): Promise<void> {
  try {
    await i18n.setLocale(wanted);
  } catch (error) {
    return warn(`the texts of "${wanted}" could not be fetched`, error);
  }
  // Another choice may have been made meanwhile.
  if (i18n.locale.peek() === wanted) rememberFor("language", wanted);
}

/** The page has changed its language or its wording. The member's own choice of a language stays. */
export async function updateLanguage(i18n: I18n, before: Options, now: Options): Promise<void> {
  const wanted = startLanguage(i18n.languages, now, recallFor("language"));
  try {
    // The language first: a later call must find that it was asked for.
    if (now.locale !== before.locale) await i18n.setLocale(wanted);
    if (now.texts !== before.texts) await i18n.reload();
  } catch (error) {
    warn(`the texts of "${wanted}" could not be fetched; the widget keeps its language`, error);
  }
}
