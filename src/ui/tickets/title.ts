import { languageName } from "../../i18n/index.ts";

/**
 * The title with the language in it, as the guide asks: "Slovenščina - Naročila ni mogoče obdelati". A member who wrote
 * the language themselves does not get it twice.
 */
export function titleWithLanguage(title: string, language: string): string {
  const name = languageName(language);
  const words = title.trim();
  const already = words.toLocaleLowerCase().startsWith(`${name.toLocaleLowerCase()} -`);
  return already ? words : `${name} - ${words}`;
}
