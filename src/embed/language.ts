import type { Catalog } from "../i18n/catalog.ts";
import { createI18n, type I18n } from "../i18n/index.ts";
import { startLanguage } from "../i18n/start-language.ts";
import type { WidgetPage } from "../loader/app.ts";
import { warn } from "../loader/log.ts";
import { recallFor, rememberFor } from "../loader/remembered.ts";

/** The language that the member chose, or the one that the page wants. */
export async function startI18n({ options }: WidgetPage, catalog: Catalog): Promise<I18n> {
  return await createI18n(startLanguage(catalog.languages, options, recallFor("language")), catalog);
}

/** The member chooses another language. One whose texts can't be fetched is not remembered. */
export async function chooseLanguage(i18n: I18n, wanted: string): Promise<void> {
  try {
    await i18n.setLocale(wanted);
  } catch (error) {
    return warn(`the texts of "${wanted}" could not be fetched`, error);
  }
  // Another choice may have come meanwhile.
  if (i18n.locale.peek() === wanted) rememberFor("language", wanted);
}
