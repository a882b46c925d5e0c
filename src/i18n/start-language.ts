import { languageOf } from "../core/contract/language-tag.ts";

/**
 * The language the member chose; else the option's, the page's, the browser's; else English. Tags match loosely:
 * "sl_SI" finds sl, "pt-BR" pt, "zh-Hant-TW" zh-Hans, "sr" sr-Latn.
 */
export function startLanguage(
  offered: readonly string[],
  { locale = "auto" }: { readonly locale?: string },
  chosen?: unknown,
): string {
  const wishes = locale === "auto" ? [document.documentElement.lang, ...navigator.languages] : [locale];
  for (const wish of [chosen, ...wishes]) {
    const language = languageOf(String(wish));
    const found = offered.find((tag) => languageOf(tag) === language);
    if (found) return found;
  }
  return "en";
}
