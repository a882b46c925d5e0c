import { languageOf, languageTag } from "../core/contract/language-tag.ts";

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
