import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import { createInstance, type ParseKeys, type TFunction } from "i18next";
import { isolated } from "./isolate.ts";
import type { Catalog } from "./catalog.ts";
import { directionOf } from "./languages.ts";

export { languageName } from "./languages.ts";

export interface I18n {
  /** The languages that it can speak. */
  readonly languages: readonly string[];
  /** The language that the widget speaks now. */
  readonly locale: ReadonlySignal<string>;
  readonly direction: ReadonlySignal<"ltr" | "rtl">;
  /** Reads the locale, so that whoever calls it while rendering is drawn again when the language changes. */
  readonly t: TFunction;
  /** Rejects, and stays with the language it has, when the file of another one can't be read. */
  setLocale(language: string): Promise<void>;
}

/** Rejects when the texts of the language can't be fetched: without words there is nothing to show. */
export async function createI18n(language: string, catalog: Catalog): Promise<I18n> {
  const i18n = createInstance();
  await i18n.init({
    lng: language,
    // Each language has all texts; a test holds that.
    fallbackLng: false,
    resources: { [language]: { translation: await catalog.load(language) } },
    // What is here already needs no turn of the event loop.
    initAsync: false,
    // Texts are shown as text nodes, where an escaped quote would be read as `&quot;`.
    interpolation: { escapeValue: false },
  });
  const locale = signal(language);
  let wanted = language;

  async function setLocale(next: string) {
    wanted = next;
    if (!i18n.hasResourceBundle(next, "translation")) {
      i18n.addResourceBundle(next, "translation", await catalog.load(next));
    }
    // The choice made last stands, however long its file took.
    if (wanted !== next) return;
    await i18n.changeLanguage(next);
    locale.value = next;
  }

  const translate = i18n.t.bind(i18n);
  const t: unknown = (key: ParseKeys, values?: Readonly<Record<string, unknown>>) => {
    const direction = directionOf(locale.value);
    return values === undefined ? translate(key) : translate(key, isolated(values, direction));
  };
  return {
    languages: catalog.languages,
    locale,
    direction: computed(() => directionOf(locale.value)),
    t: t as TFunction,
    setLocale,
  };
}
