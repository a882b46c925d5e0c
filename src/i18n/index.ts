import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import { createInstance, type ParseKeys, type TFunction } from "i18next";
import { isolated } from "./isolate.ts";
import type { Catalog } from "./catalog.ts";
import { directionOf } from "./languages.ts";

export { languageName } from "./languages.ts";

export interface I18n {
  /** The available languages. */
  readonly languages: readonly string[];
  /** The current language. */
  readonly locale: ReadonlySignal<string>;
  readonly direction: ReadonlySignal<"ltr" | "rtl">;
  /** Reads signals, so a component that calls it re-renders when the language or the wording changes. */
  readonly t: TFunction;
  /** Rejects, and keeps the current language, if the new one's file can't be loaded. */
  setLocale(language: string): Promise<void>;
  /** Reads the texts of the current language again: the site has changed its wording. */
  reload(): Promise<void>;
}

/** Rejects if the language's texts can't be loaded: without them there is nothing to show. */
export async function createI18n(language: string, catalog: Catalog): Promise<I18n> {
  const i18n = createInstance();
  await i18n.init({
    lng: language,
    // A test ensures that each language has all texts.
    fallbackLng: false,
    resources: { [language]: { translation: await catalog.load(language) } },
    // Initialises synchronously, as the texts are already loaded.
    initAsync: false,
    // Texts are rendered as text nodes, where an escaped quote would show as `&quot;`.
    interpolation: { escapeValue: false },
  });
  const locale = signal(language);
  const edition = signal(0);
  let wanted = language;

  async function setLocale(next: string) {
    wanted = next;
    try {
      if (!i18n.hasResourceBundle(next, "translation")) {
        i18n.addResourceBundle(next, "translation", await catalog.load(next));
      }
    } catch (error) {
      if (wanted === next) wanted = locale.peek();
      throw error;
    }
    // The latest choice wins, even if its file arrives first.
    if (wanted !== next) return;
    await i18n.changeLanguage(next);
    locale.value = next;
  }

  async function reload(): Promise<void> {
    const current = locale.peek();
    const texts = await catalog.load(current);
    // The language was changed meanwhile: its texts may have been loaded before.
    if (current !== locale.peek()) return reload();
    // The others are loaded again when they are chosen.
    for (const other of Object.keys(i18n.store.data)) i18n.removeResourceBundle(other, "translation");
    i18n.addResourceBundle(current, "translation", texts);
    edition.value += 1;
  }

  const translate = i18n.t.bind(i18n);
  const t: unknown = (key: ParseKeys, values?: Readonly<Record<string, unknown>>) => {
    void edition.value;
    const direction = directionOf(locale.value);
    return values === undefined ? translate(key) : translate(key, isolated(values, direction));
  };
  return {
    languages: catalog.languages,
    locale,
    direction: computed(() => directionOf(locale.value)),
    t: t as TFunction,
    setLocale,
    reload,
  };
}
