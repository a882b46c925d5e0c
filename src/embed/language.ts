import { withDeadline } from "../core/delivery/deadlines.ts";
import type { Storage } from "../core/delivery/storage.ts";
import type { Catalog } from "../i18n/catalog.ts";
import { createI18n, type I18n } from "../i18n/index.ts";
import { startLanguage } from "../i18n/start-language.ts";
import type { WidgetPage } from "../loader/app.ts";
import { warn } from "../loader/log.ts";
import { rememberFor } from "../loader/remembered.ts";

/** Under it the storage keeps the language that the member chose. */
const languageKey = "language";
/** A storage that hangs keeps nobody from help. */
const languageMs = 1_000;

/** The language that the member chose, or the one that the page wants. */
export async function startI18n({ options, signal }: WidgetPage, storage: Storage, catalog: Catalog): Promise<I18n> {
  const chosen = await withDeadline(languageMs, signal, () => storage.get(languageKey)).catch(() => undefined);
  const language = startLanguage(catalog.languages, options, chosen);
  rememberFor("language", language === chosen ? language : undefined);
  return await createI18n(language, catalog);
}

/** The member chooses another language. One whose texts can't be fetched is not remembered. */
export async function chooseLanguage(i18n: I18n, storage: Storage, wanted: string): Promise<void> {
  try {
    await i18n.setLocale(wanted);
  } catch (error) {
    return warn(`the texts of "${wanted}" could not be fetched`, error);
  }
  // Another choice may have come meanwhile.
  if (i18n.locale.peek() !== wanted) return;
  rememberFor("language", wanted);
  await storage.set(languageKey, wanted).catch(() => undefined);
}
