import { languageOf, languageTag } from "../core/contract/language-tag.ts";

/** Each has a file in locales/. A test holds the list against the folder. */
export const languages: readonly string[] = ["sl", "en", "de", "ar"];

/** The first wish that there is a language for, or English. */
export function matchLanguage(wishes: readonly string[]): string {
  for (const wish of wishes) {
    const language = languageOf(wish);
    if (languages.includes(language)) return language;
  }
  return "en";
}

/** As the language calls itself, with the capital letter that a label has. */
export function languageName(text: string, inText = text): string {
  const [tag, inLanguage] = [languageTag(text), languageTag(inText)];
  // What is no tag is shown as it is.
  if (tag === undefined || inLanguage === undefined) return text;
  const name = new Intl.DisplayNames([inLanguage], { type: "language" }).of(tag) ?? tag;
  return name.charAt(0).toLocaleUpperCase(inLanguage) + name.slice(1);
}

const rightToLeft = new Set(["ar", "fa", "he", "ur", "ps", "sd", "ug", "yi", "dv", "ckb"]);

export function directionOf(tag: string): "ltr" | "rtl" {
  return rightToLeft.has(languageOf(tag)) ? "rtl" : "ltr";
}
