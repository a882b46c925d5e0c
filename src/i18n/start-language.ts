/** The language that the member chose, while it is offered; else that of the option, of the page, of the browser; else English. */
export function startLanguage(
  offered: readonly string[],
  { locale = "auto" }: { readonly locale?: string },
  chosen?: unknown,
): string {
  const wishes = locale === "auto" ? [document.documentElement.lang, ...navigator.languages] : [locale];
  return [chosen, ...wishes].map(languageOf).find((language) => offered.includes(language)) ?? "en";
}

/** "sl" of "sl-SI" and of "sl_SI". */
const languageOf = (tag: unknown): string => String(tag).split(/[-_]/)[0]?.toLowerCase() ?? "";
