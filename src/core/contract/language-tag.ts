/**
 * A language tag as `Intl` takes it, out of what systems write: "sl_SI", "pt_BR.UTF-8", "zh-Hant-TW". Undefined for what
 * is none.
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

/** "sl" of "sl-SI" and of "sl_SI"; what is no tag stays as it is. */
export function languageOf(text: string): string {
  return (languageTag(text) ?? text).split(/[-_]/)[0]?.toLowerCase() ?? "";
}
