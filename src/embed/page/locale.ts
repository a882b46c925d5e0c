import type { Options } from "../../core/options.ts";
import { matchLanguage } from "../../i18n/languages.ts";

/** The language from the option, else of the page, else of the browser. */
export function startLanguage({ locale = "auto" }: Options): string {
  if (locale !== "auto") return matchLanguage([locale]);
  return matchLanguage([document.documentElement.lang, ...navigator.languages]);
}
