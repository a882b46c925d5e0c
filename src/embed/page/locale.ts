import type { Options } from "../../core/options.ts";
import { languages, matchLanguage } from "../../i18n/languages.ts";

/** The language that the member chose, while it is offered; else from the option, else of the page, else of the browser. */
export function startLanguage({ locale = "auto" }: Options, chosen?: unknown): string {
  if (typeof chosen === "string" && languages.includes(chosen)) return chosen;
  if (locale !== "auto") return matchLanguage([locale]);
  return matchLanguage([document.documentElement.lang, ...navigator.languages]);
}
