import { languageOf } from "../../core/contract/language-tag.ts";
import { languageName } from "../../i18n/index.ts";
import type { useT } from "../context.ts";

/**
 * "v angleščini". The texts hold the forms, as `Intl.DisplayNames` knows only the nominative; others show as
 * "(hindijščina)".
 */
export function inLanguage(t: ReturnType<typeof useT>, tag: string, locale: string): string {
  const key = `inLanguage.${languageOf(tag)}`;
  const phrase = t(key as "inLanguage.en");
  return phrase === key ? `(${languageName(tag, locale)})` : phrase;
}

/** "v angleščini in slovenščini". */
export function inLanguages(t: ReturnType<typeof useT>, tags: readonly string[], locale: string): string {
  return new Intl.ListFormat(locale).format(tags.map((tag) => inLanguage(t, tag, locale)));
}
