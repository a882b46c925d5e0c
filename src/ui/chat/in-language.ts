import type en from "../../../locales/en.json";
import { languageOf } from "../../core/contract/language-tag.ts";
import { languageName } from "../../i18n/index.ts";
import type { useT } from "../context.ts";

/** "v angleščini": a sentence needs the case, which `Intl.DisplayNames` does not give. Without one: the bare name. */
export function inLanguage(t: ReturnType<typeof useT>, tag: string, locale: string): string {
  const language = languageOf(tag);
  return isNamed(language) ? t(`inLanguage.${language}`) : `(${languageName(tag, locale)})`;
}

/** By type, each key of the texts is here. */
const named: Readonly<Record<keyof typeof en.inLanguage, true>> = {
  ar: true,
  de: true,
  en: true,
  hr: true,
  it: true,
  sl: true,
};

function isNamed(language: string): language is keyof typeof named {
  return Object.hasOwn(named, language);
}

/** "v angleščini in slovenščini". */
export function inLanguages(t: ReturnType<typeof useT>, tags: readonly string[], locale: string): string {
  return new Intl.ListFormat(locale).format(tags.map((tag) => inLanguage(t, tag, locale)));
}
