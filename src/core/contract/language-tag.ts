/**
 * A valid language tag for `Intl`, from other systems' forms: "sl_SI", "pt_BR.UTF-8", "zh-Hant-TW". Undefined if it is
 * none.
 */
export function languageTag(text: string): string | undefined {
  const tag = text
    .trim()
    .replace(/[.@].*$/, "")
    .replaceAll("_", "-");
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}

/** "sl" for "sl-SI" and "sl_SI"; anything else is unchanged. */
export function languageOf(text: string): string {
  return (languageTag(text) ?? text).split(/[-_]/)[0]?.toLowerCase() ?? "";
}
