import en from "../../../locales/en.json" with { type: "json" };
import { languageOf } from "../../core/contract/language-tag.ts";
import { languageName } from "../../i18n/index.ts";
import type { useT } from "../context.ts";

/** "v angleščini": a sentence needs the case, which `Intl.DisplayNames` does not give. Without one: the bare name. */
export function inLanguage(t: ReturnType<typeof useT>, tag: string, locale: string): string {
  const language = languageOf(tag);
  return isNamed(language) ? t(`inLanguage.${language}`) : `(${languageName(tag, locale)})`;
}

function isNamed(language: string): language is keyof typeof en.inLanguage {
  return Object.hasOwn(en.inLanguage, language);
}

/** "v angleščini in slovenščini". */
export function inLanguages(t: ReturnType<typeof useT>, tags: readonly string[], locale: string): string {
  return new Intl.ListFormat(locale).format(tags.map((tag) => inLanguage(t, tag, locale)));
}
